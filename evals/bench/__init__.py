"""How fast and how heavy humphrey is; each module is a script of its own, and `python -m evals.bench` runs them all."""
