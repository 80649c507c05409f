"""Proofs about what is stored: bytes changed, rows and entries forged."""
