"""The door of ops: is this node set up rightly and well?"""

from .checks import Finding, check_node

__all__ = ["Finding", "check_node"]
