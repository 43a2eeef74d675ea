"""A gateway that quotes the whole request on its error page, as some proxies and debug pages do."""

from __future__ import annotations

import http.client
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import urlsplit


class QuotingGateway:
    """Passes reading on to a server; answers what is posted with an error that quotes every header.

    Args:
        behind: the API of the server.
        status: of the error.
        as_json: whether the error is JSON or a page.
    """

    def __init__(self, behind: str, status: int, *, as_json: bool) -> None:
        host = urlsplit(behind).netloc

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                connection = http.client.HTTPConnection(host, timeout=30)
                headers = {name: self.headers[name] for name in ("Authorization", "Accept", "Host")}
                connection.request("GET", self.path, headers=headers)
                answer = connection.getresponse()
                self._send(answer.status, answer.getheader("Content-Type") or "", answer.read())
                connection.close()

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                quoted = str(self.headers)
                if as_json:
                    body = json.dumps({"non_field_errors": [f"Not understood: {quoted}"]})
                else:
                    body = f"<html><title>Error</title><pre>{quoted}</pre></html>"
                self._send(status, "application/json" if as_json else "text/html", body.encode())

            def _send(self, code: int, kind: str, body: bytes) -> None:
                self.send_response(code)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
                """The test's own output stays clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The API as a pump is given it."""
        return f"http://127.0.0.1:{self._server.server_port}/api"

    def __enter__(self) -> QuotingGateway:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
