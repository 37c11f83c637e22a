"""Who is who, for life: duplicates and aliases, names, owners of fields, guardianship."""
