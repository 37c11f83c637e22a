"""The door of the register."""
