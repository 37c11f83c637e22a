"""The door of materials: written as a package tells them, and read by whoever serves them."""

from .resources import KINDS, Written, latest, moment, resource_keys, rows_of, write

__all__ = ["KINDS", "Written", "latest", "moment", "resource_keys", "rows_of", "write"]
