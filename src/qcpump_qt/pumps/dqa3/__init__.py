"""Sun Nuclear Daily QA3: the six pump types, from three kinds of database, with one or several beams a test list."""
