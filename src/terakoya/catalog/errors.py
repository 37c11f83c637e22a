class CatalogRefused(Exception):
    """What a node serves as its catalog has not the shape of one; the message says why, in English, for operators."""


class NodeUnreachable(Exception):
    """A node's catalog could not be fetched: no answer, an answer that is no success, too slow, or too large."""
