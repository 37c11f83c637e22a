"""The door of the OneRoster services."""
