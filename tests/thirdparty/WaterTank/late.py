# Imported while the pump runs, not when it is loaded.
# mypy: ignore-errors
WORDS = "all done"
