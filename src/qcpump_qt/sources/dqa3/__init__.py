"""Sun Nuclear Daily QA3: measurements read from its databases, whichever of them a clinic has."""
