"""Pupils on their way from one municipality to another: a signed package between two nodes, with receipts.

``leaving`` is the old municipality's side, ``arriving`` the new one's, ``messages`` what they say to each other.
"""
