"""One outside world: a QATrack+ server, spoken to over its REST API."""
