"""Proofs about a group's words: on every surface, before every person."""
