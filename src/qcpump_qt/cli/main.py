"""The command line: parses, calls the parts below, prints, and chooses the exit code."""


def main() -> int:
    """x"""
    return 0
