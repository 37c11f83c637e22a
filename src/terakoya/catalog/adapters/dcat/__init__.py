"""DCAT 3 (W3C Recommendation of 2024) in JSON-LD, as a narrow profile: written and read by the same shapes."""

from .read import read_catalog
from .write import write_catalog

__all__ = ["read_catalog", "write_catalog"]
