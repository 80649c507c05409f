"""Proofs about accounts: who can act as whom, and what they may decide then."""
