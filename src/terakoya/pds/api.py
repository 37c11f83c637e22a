"""The door of the learner's store."""

from .actions import add_child, make_child_account, sign_up
from .queries import children_of

__all__ = ["add_child", "children_of", "make_child_account", "sign_up"]
