"""Proofs about the endpoints of models: those that drip, flood or never end."""
