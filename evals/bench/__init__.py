"""Speed and memory of humphrey; each module is a script of its own, and `python -m evals.bench` runs them all."""
