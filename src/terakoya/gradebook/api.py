"""The door of gradebook."""
