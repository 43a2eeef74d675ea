"""Dialogs: each asks or shows one thing and speaks through signals."""
