"""Proofs about files from outside: whose id they take, what reading them costs."""
