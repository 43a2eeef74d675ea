"""One file for each command: what it does, what it prints, which exit code it gives."""
