"""Databases of measuring devices: opened read-only for one cycle, read, and closed again."""
