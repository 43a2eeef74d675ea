"""The file movers: files go from one folder to another, each once."""
