"""Varian MPC result folders: found, named, read and grouped into sessions. Reading only."""
