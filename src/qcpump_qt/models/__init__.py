"""Qt item models over plain engine data; no widgets, no network, no drivers."""
