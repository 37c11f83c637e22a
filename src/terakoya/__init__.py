"""Terakoya: each organisation keeps its own data, each learner carries theirs for life."""

__version__ = "0.1.0"
