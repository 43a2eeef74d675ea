"""Carries requests to one server and brings its answers back, whatever they are.

One session with a pool of kept-alive connections for all threads of a pump; redirects are never followed,
every request has time-outs, and cancelling ends it within a second.
"""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Mapping
from functools import partial
from typing import Any

import requests

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import ServerRefused, ServerUnavailable
from qcpump_qt.qatrack.address import NetworkSettings, ServerAddress
from qcpump_qt.qatrack.answer import Answer
from qcpump_qt.qatrack.body import SizedStream, json_body
from qcpump_qt.qatrack.border import ProxyUnreachable, at_border
from qcpump_qt.qatrack.gate import RateGate, Turn
from qcpump_qt.qatrack.lines import LineAdapter, OpenLines
from qcpump_qt.qatrack.proxies import Routes
from qcpump_qt.qatrack.trust import insecure_warning, tls_context

ANSWER_LIMIT = 64 * 1024 * 1024
"""Bytes of an answer; QATrack+ sends 17 kB a session, so nothing sensible comes near."""
ANSWER_TIMES = 8
"""A whole answer may take this many read time-outs, so that a trickle does not last for ever."""
_PIECE = 64 * 1024
_UNKNOWN_PAUSE = 5.0
_SHORTEST_TOKEN = 16
"""Shorter texts are no real tokens (40 characters) and may stand in any answer by chance."""


class Transport:
    """The way to one server; may be used by several threads.

    Args:
        address: the server and the token.
        network: time-outs and name of the program.
        cancel: ends requests that are under way.
        gate: how fast the server may be asked.

    Raises:
        ConfigurationError: a configured proxy cannot be used.
    """

    def __init__(
        self, address: ServerAddress, network: NetworkSettings, cancel: CancelToken, gate: RateGate
    ) -> None:
        self.address = address
        self.gate = gate
        self._network = network
        self._cancel = cancel
        self._routes = Routes(address, cancel)
        self._lines = OpenLines(cancel, network.read_timeout)
        self._session = self._new_session()
        self._others: list[requests.Session] = []
        self._lock = threading.Lock()
        self._sent = 0

    @property
    def requests_sent(self) -> int:
        """How many requests have left, repeats included."""
        with self._lock:
            return self._sent

    @property
    def insecure_warning(self) -> str:
        """What to tell people when certificates are not checked; else empty."""
        if self.address.verify_ssl or self.address.scheme != "https":
            return ""
        return insecure_warning(self.address.host)

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Answer:
        """Ask for `path` (relative to the API); errors as in `request`."""
        return self.request("GET", self.address.url(path), params=params)

    def post(self, path: str, payload: Mapping[str, Any]) -> Answer:
        """Send `payload` as JSON to `path`; errors as in `request`, and those of `json_body`."""
        return self.request("POST", self.address.url(path), body=json_body(payload))

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: bytes | SizedStream | None = None,
    ) -> Answer:
        """Send one request; one that is answered with 307 is repeated as the settings say.

        Raises:
            Cancelled: an end was asked for.
            ServerUnavailable: nothing came back, or the server asked for a long pause before.
            ServerRefused: TLS or the proxy stands in the way, or the answer is far too large.
            ConfigurationError: the address cannot be used.
        """
        for _ in range(self._network.max_307):
            answer = self._by_some_way(method, url, params, body)
            if answer.status != 307:
                return answer
            self._cancel.wait(self._network.sleep_307)
            self._cancel.check()
        return self._by_some_way(method, url, params, body)

    def plain_session(self) -> requests.Session:
        """A session for code that is not ours: token, trust, time-outs and way as in `request`; closed with this."""
        session = self._new_session()
        with self._lock:
            self._others.append(session)
        way = self._routes.current()
        session.proxies = {"http": way, "https": way} if way else {}
        timeout = (self._network.connect_timeout, self._network.read_timeout)
        session.request = partial(session.request, timeout=timeout)  # type: ignore[method-assign]
        return session

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            others, self._others = self._others, []
        for session in (self._session, *others):
            session.close()

    def _new_session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False  # no .netrc, no certificate files and no proxies from the environment
        adapter = LineAdapter(self._lines, tls_context(self.address.verify_ssl), self._network.connections)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        session.headers.update(
            {
                "User-Agent": self._network.user_agent,
                "Accept": "application/json",
                **self.address.authorization(),
            }
        )
        return session

    def _by_some_way(
        self, method: str, url: str, params: Mapping[str, Any] | None, body: bytes | SizedStream | None
    ) -> Answer:
        while True:
            way = self._routes.current()
            headers = None if body is None else {"Content-Type": "application/json"}
            try:
                return self._once(requests.Request(method, url, headers, data=body, params=params), way)
            except ProxyUnreachable:
                if not self._routes.failed(way):
                    raise

    def _once(self, request: requests.Request, way: str) -> Answer:
        self.gate.wait_open(self._cancel)
        with (
            self.gate.under_way(self._cancel) as turn,
            self._lines.request(),
            at_border(self.address, self._cancel, way),
        ):
            self._cancel.check()
            answer = self._exchange(request, way)
        self._tell_gate(answer, turn)
        return answer

    def _exchange(self, request: requests.Request, way: str) -> Answer:
        prepared = self._session.prepare_request(request)
        with self._lock:
            self._sent += 1
        response = self._session.send(
            prepared,
            stream=True,
            allow_redirects=False,
            timeout=(self._network.connect_timeout, self._network.read_timeout),
            proxies={"http": way, "https": way} if way else {},
        )
        with response:
            body = self._read(response)
        answer = Answer(
            status=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            body=body,
            url=request.url,
        )
        if answer.maybe_cut():
            raise http.client.IncompleteRead(body)
        return answer

    def _read(self, response: requests.Response) -> bytes:
        """The body, bounded in size and time; a page that mirrors our token loses it here."""
        end = time.monotonic() + ANSWER_TIMES * self._network.read_timeout
        pieces, size = [], 0
        for piece in response.iter_content(_PIECE):
            pieces.append(piece)
            size += len(piece)
            if size > ANSWER_LIMIT:
                raise ServerRefused(
                    f"{self.address.host} sent an answer of more than {ANSWER_LIMIT // 2**20} MiB, which "
                    "QATrack+ never does. Check the API address.",
                    title="Not an answer of QATrack+",
                )
            if time.monotonic() > end:
                raise ServerUnavailable(
                    f"{self.address.host} sends its answer so slowly that it was given up. "
                    "It is tried again later.",
                    title="No answer in time",
                )
            self._cancel.check()
        whole = b"".join(pieces)
        token = self.address.token.encode("ascii")
        return whole.replace(token, b"(token)") if len(token) >= _SHORTEST_TOKEN else whole

    def _tell_gate(self, answer: Answer, turn: Turn) -> None:
        if answer.status == 429:
            seconds = answer.retry_after()
            self.gate.note_throttled(_UNKNOWN_PAUSE if seconds is None else seconds)
        elif answer.status >= 500:
            self.gate.note_server_error(turn.parallel)
