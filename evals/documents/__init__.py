"""Evaluation of the readers on documents that are hard to read."""
