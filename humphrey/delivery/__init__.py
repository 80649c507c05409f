"""Delivery: what was released goes out through an outlet. An outlet takes a `Release` and nothing else."""
