"""Varian Machine Performance Check: the pump type, from the folders on the share to records."""
