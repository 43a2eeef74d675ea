"""The slug rule of QCPump 0.3 for all pump types; it is kept beside the MPC results that it was made for."""

from __future__ import annotations

from qcpump_qt.sources.mpc.slugs import slugify

__all__ = ["slugify"]
