"""Writes the roster as OneRoster packages, in any of the profiles of ``standards.oneroster_profiles``.

``scope`` says which rows, ``places`` which organisations and sessions; ``place_rows`` and ``people_rows`` tell them,
``files`` names them, ``writing`` makes the ZIP file, ``package`` is the door.
"""
