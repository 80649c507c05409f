"""Delivery: released texts leave by outlets. An outlet takes a `Release` and nothing else."""
