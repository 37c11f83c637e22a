"""Reads the roster of another OneRoster server (1.2, or 1.1) and takes it over like a package."""
