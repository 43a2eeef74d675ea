"""The section *QATrack+ API*, and the way to a server, for every pump type that uploads.

Public for user-written types as `QATrackAPIMixin` (manual, chapter 7.7.1; compatibility reference,
section 7).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from qcpump_qt.engine.config.marks import online
from qcpump_qt.pumps.base import BOOLEAN, FLOAT, SECRET, STRING, BasePump

if TYPE_CHECKING:
    import requests

    from qcpump_qt.qatrack.server import QATrackServer

    _Pump = BasePump
else:
    _Pump = object

SECTION = "QATrack+ API"

QATRACK_API_CONFIG: dict[str, Any] = {
    "name": SECTION,
    "validation": "validate_qatrack",
    "fields": [
        {
            "name": "api url",
            "type": STRING,
            "required": True,
            "help": "The root address of the API of your QATrack+ server, such as https://yourqatrackserver/api",
        },
        {
            "name": "auth token",
            "type": SECRET,
            "required": True,
            "help": "The API token of a QATrack+ user who may add test list instances.",
        },
        {
            "name": "include comment",
            "type": BOOLEAN,
            "required": True,
            "default": True,
            "help": "Send comments along. QATrack+ does not review sessions with comments automatically.",
        },
        {
            "name": "throttle",
            "type": FLOAT,
            "required": True,
            "default": 0.5,
            "validation": {"min": 0, "max": 60},
            "help": "Least seconds between two uploads. With 0, up to four uploads go at the same time.",
        },
        {
            "name": "verify ssl",
            "type": BOOLEAN,
            "label": "Verify SSL",
            "required": True,
            "default": True,
            "help": "Switch this off only for a server with a self-signed certificate: anybody in between can then "
            "read the token.",
        },
        {
            "name": "http proxy",
            "type": STRING,
            "required": False,
            "help": "Found by itself when left blank. Otherwise e.g. http://10.10.1.10:3128 or "
            "socks5://user:pass@host:port",
        },
        {
            "name": "https proxy",
            "type": STRING,
            "required": False,
            "help": "Found by itself when left blank. Otherwise e.g. http://10.10.1.10:3128 or "
            "socks5://user:pass@host:port",
        },
    ],
}


class QATrackAPIMixin(_Pump):
    """Gives a pump type a QATrack+ server to talk to; goes before `BasePump` in the list of bases."""

    QATRACK_API_CONFIG = QATRACK_API_CONFIG

    @property
    def throttle(self) -> float:
        """Least seconds between two uploads."""
        return float(self.get_config_value(SECTION, "throttle") or 0.0)

    @property
    def include_comment(self) -> bool:
        """Whether comments are sent along."""
        return bool(self.get_config_value(SECTION, "include comment"))

    @online
    def validate_qatrack(self, values: Mapping[str, Any]) -> tuple[bool, str]:
        """The server is there, it is QATrack+, and the token may upload."""
        from qcpump_qt.qatrack.probe import check_server  # noqa: PLC0415 - requests is only loaded where it is used

        server = self._server(values)
        try:
            message = check_server(server)
        finally:
            server.close()
        warning = server.transport.insecure_warning
        return True, f"{message} {warning}".strip()

    def qatrack_server(self) -> QATrackServer:
        """The server of this pump; one for each cycle.

        Raises:
            ConfigurationError: address or token are not usable.
        """
        server = self._server(self.get_config_values(SECTION)[0])
        if server.transport.insecure_warning:
            self.log_warning(server.transport.insecure_warning)
        return server

    def construct_api_url(self, end_point: str) -> str:
        """The full address of an end point such as ``qa/testlists``; ends with a slash."""
        root = str(self.get_config_value(SECTION, "api url")).strip().rstrip("/")
        return f"{root}/{end_point.strip('/')}/"

    def get_qatrack_session(self) -> requests.Session:
        """A plain `requests` session with the token's header, for what the mixins have no method for."""
        from qcpump_qt.qatrack.plain_session import plain_session  # noqa: PLC0415 - as above

        return plain_session(self._server(self.get_config_values(SECTION)[0]))

    def get_qatrack_choices(
        self, endpoint: str, attribute: str | None = None, params: Mapping[str, Any] | None = None
    ) -> list[Any]:
        """All items of a list on the server, or one attribute of each.

        Args:
            endpoint: such as ``qa/testlists``.
            attribute: the attribute wanted; None for the whole items.
            params: further filters.

        Raises:
            PumpError: the server cannot be asked now.
        """
        from qcpump_qt.qatrack.listing import items  # noqa: PLC0415 - as above

        with self._server(self.get_config_values(SECTION)[0]) as server:
            path = f"{endpoint.strip('/')}/"
            found = list(
                items(server.transport, path, f"the list {endpoint}", dict(params or {}), ordering="name")
            )
        return found if attribute is None else [item.get(attribute) for item in found]

    def get_test_list_choices(self) -> list[str]:
        """The names of all test lists."""
        with self._server(self.get_config_values(SECTION)[0]) as server:
            return server.test_list_names()

    def get_qatrack_unit_choices(self) -> list[str]:
        """All active units as ``site: unit``."""
        with self._server(self.get_config_values(SECTION)[0]) as server:
            return sorted({unit.label for unit in server.units() if unit.active})

    def _server(self, values: Mapping[str, Any]) -> QATrackServer:
        from qcpump_qt.qatrack.address import NetworkSettings, ServerAddress  # noqa: PLC0415 - as above
        from qcpump_qt.qatrack.server import QATrackServer  # noqa: PLC0415 - as above

        settings = self.pump_host.settings
        address = ServerAddress(
            api_url=str(values["api url"] or ""),
            token=str(values["auth token"] or ""),
            verify_ssl=bool(values["verify ssl"]),
            http_proxy=str(values["http proxy"] or ""),
            https_proxy=str(values["https proxy"] or ""),
        )
        network = NetworkSettings(
            user_agent=settings.BROWSER_USER_AGENT,
            connect_timeout=settings.HTTP_CONNECT_TIMEOUT,
            read_timeout=settings.HTTP_READ_TIMEOUT,
            max_307=settings.MAX_HTTP_307_COUNT,
            sleep_307=settings.HTTP_307_SLEEP_TIME,
            connections=settings.MAX_CONNECTIONS,
        )
        return QATrackServer(address, network, self.pump_host.cancel)
