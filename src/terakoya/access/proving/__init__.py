"""Proofs about the matrix and the policies. For development: nothing in operation imports this package."""
