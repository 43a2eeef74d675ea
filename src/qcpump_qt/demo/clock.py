"""The server's time zone: what a time in a request means, and how times are shown.

A QATrack+ server takes every time as its own local time and refuses those that a clock change makes
impossible or ambiguous (qatrack-api, "Date-times in the body").
"""

from __future__ import annotations

from datetime import datetime, timezone, tzinfo
from zoneinfo import ZoneInfo

BODY_FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%S.%fZ",
    "%d %b %Y %H:%M",
    "%d %b %Y %H:%M:%S",
)
FORMAT_MESSAGE = (
    "Datetime has wrong format. Use one of these formats instead: DD [Jan-Dec] YYYY hh:mm, "
    "DD [Jan-Dec] YYYY hh:mm:ss, YYYY-MM-DD hh:mm, YYYY-MM-DD hh:mm:ss, "
    "YYYY-MM-DD hh:mm:ss.uuuuuu, YYYY-MM-DDThh:mm:ss.uuuuuuZ."
)


class ServerClock:
    """Local time of the stand-in.

    Args:
        zone: an IANA name such as ``America/Toronto``; None for the zone this computer is set to.
    """

    def __init__(self, zone: str | None = None) -> None:
        self._zone: tzinfo | None = None if zone is None else ZoneInfo(zone)
        self.name = zone or datetime.now(timezone.utc).astimezone().tzname() or "local"

    def now(self) -> datetime:
        """This moment, in the server's zone."""
        return self.local(datetime.now(timezone.utc))

    def local(self, moment: datetime) -> datetime:
        """A moment in the server's zone."""
        return moment.astimezone(self._zone)

    def show(self, moment: datetime) -> str:
        """A moment as replies carry it: ISO with the server's offset."""
        return self.local(moment).isoformat().replace("+00:00", "Z")

    def read(self, value: object) -> datetime:
        """A date-time of a request body.

        Raises:
            ValueError: with the server's own words.
        """
        for form in BODY_FORMATS if isinstance(value, str) else ():
            try:
                # The server reads its own local time; the zone is put on by `place`.
                naive = datetime.strptime(str(value).strip(), form)  # noqa: DTZ007
            except ValueError:
                continue
            return self.place(naive)
        raise ValueError(FORMAT_MESSAGE)

    def place(self, naive: datetime) -> datetime:
        """A clock reading as a moment.

        Raises:
            ValueError: the reading does not exist, or exists twice, on a clock-change night.
        """
        try:
            first, second = (self._with_zone(naive.replace(fold=fold)) for fold in (0, 1))
        except (OverflowError, OSError) as error:
            raise ValueError("Datetime value out of range.") from error
        if first.utcoffset() != second.utcoffset():
            raise ValueError(f'Invalid datetime for the timezone "{self.name}".')
        return first

    def _with_zone(self, naive: datetime) -> datetime:
        return naive.astimezone() if self._zone is None else naive.replace(tzinfo=self._zone)
