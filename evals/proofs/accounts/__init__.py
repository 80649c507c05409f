"""Proofs about accounts: when two accounts may belong to one person, their drafts are not cleared by each other."""
