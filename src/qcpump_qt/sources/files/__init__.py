"""Watched folders: what lies in them, whether it is complete, and how it is moved on."""
