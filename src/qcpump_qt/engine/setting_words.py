"""What people read beside each setting: declared once, for the settings dialog and the manual."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SettingWords:
    """The words for one setting.

    Args:
        key: its name in `settings.json`.
        group: the heading that it stands under.
        label: what people call it.
        help: a sentence or two on what it does.
        unit: what its number counts; empty where it is none.
    """

    key: str
    group: str
    label: str
    help: str
    unit: str = ""


RUNNING, WINDOW, LOGGING, NETWORK, FOLDERS = GROUPS = ("Running", "Window", "Logging", "Network", "Folders")
"""The headings, in the order of the dialog."""

SETTING_WORDS: tuple[SettingWords, ...] = (
    SettingWords(
        key="PUMP_ON_STARTUP",
        group=RUNNING,
        label="Run pumps on launch",
        help="Start all active pumps as soon as QCPump-Qt is started, also when a server is down at that moment.",
    ),
    SettingWords(
        key="CLOSE_TO_TRAY",
        group=WINDOW,
        label="Close to tray",
        help="Closing the window leaves QCPump-Qt at work in the tray. When this is off, closing the window quits.",
    ),
    SettingWords(
        key="DATE_FORMAT",
        group=WINDOW,
        label="Date format",
        help="How dates are written in lists and messages: yyyy is the year, MM the month and dd the day.",
    ),
    SettingWords(
        key="LOG_LEVEL",
        group=LOGGING,
        label="Log level",
        help="How much QCPump-Qt writes to its own log; debug is the most. Every pump has its own level as well.",
    ),
    SettingWords(
        key="LOG_TO_CONSOLE",
        group=LOGGING,
        label="Log to the console",
        help="Write every log line to the console too, where QCPump-Qt was started from one.",
    ),
    SettingWords(
        key="DEBUG",
        group=LOGGING,
        label="Debug mode",
        help="For the makers of pump types, who can ask for it. Leave it off otherwise.",
    ),
    SettingWords(
        key="HTTP_CONNECT_TIMEOUT",
        group=NETWORK,
        label="Time to reach a server",
        help="How long to wait until a QATrack+ server takes a connection.",
        unit="s",
    ),
    SettingWords(
        key="HTTP_READ_TIMEOUT",
        group=NETWORK,
        label="Time for an answer",
        help="How long to wait for the next part of a QATrack+ server's answer.",
        unit="s",
    ),
    SettingWords(
        key="MAX_CONNECTIONS",
        group=NETWORK,
        label="Connections at once",
        help="How many records may be on their way to one server at the same time.",
    ),
    SettingWords(
        key="MAX_HTTP_307_COUNT",
        group=NETWORK,
        label="Redirections to the same address",
        help="How often a request is sent again when a proxy answers with a redirection to the same address (307).",
    ),
    SettingWords(
        key="HTTP_307_SLEEP_TIME",
        group=NETWORK,
        label="Pause after such a redirection",
        help="How long to wait before a request that was redirected to the same address (307) is sent again.",
        unit="s",
    ),
    SettingWords(
        key="BROWSER_USER_AGENT",
        group=NETWORK,
        label="Browser name",
        help="The browser that QCPump-Qt calls itself towards servers and proxies, as some let only browsers pass.",
    ),
    SettingWords(
        key="DB_CONNECT_TIMEOUT",
        group=NETWORK,
        label="Time to reach a database",
        help="How long to wait until a database server takes a connection.",
        unit="s",
    ),
    SettingWords(
        key="PUMP_DIRECTORIES",
        group=FOLDERS,
        label="Folders with pump types of your own",
        help="Each of these folders has one folder for each pump type in it. They are read when QCPump-Qt starts.",
    ),
)
"""Every setting, in the order of the dialog."""
