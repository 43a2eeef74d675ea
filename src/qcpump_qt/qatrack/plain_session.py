"""A plain `requests` session for user-written pump types that want to ask the server something of their own."""

from __future__ import annotations

import requests

from qcpump_qt.qatrack.server import QATrackServer


def plain_session(server: QATrackServer) -> requests.Session:
    """A session with the token's header, the right certificates and proxies, and time-outs.

    Args:
        server: the server it is for; the session is closed with it.
    """
    return server.transport.plain_session()
