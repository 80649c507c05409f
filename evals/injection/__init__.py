"""Prompt injection: whether text from outside gives orders. `python -m evals injection`."""
