# The same file name as in the folder beside it, with other content.
# mypy: ignore-errors
GREETING = "output"
