"""The one place where the program's version is written."""

VERSION = "1.0.0a1"
