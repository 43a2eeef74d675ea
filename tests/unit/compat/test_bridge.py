"""The ``qcpump.*`` names: the same objects as ours, whatever else is installed."""

from __future__ import annotations

import decimal
import importlib
import json
import sys
import uuid
from collections.abc import Iterator
from datetime import date, datetime, time, timezone
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from qcpump_qt.compat.bridge import install_qcpump_names, use_settings
from qcpump_qt.compat.finder import our_name
from qcpump_qt.compat.qcpump.core.json import QCPumpJSONEncoder
from qcpump_qt.pumps import base
from qcpump_qt.version import VERSION


@pytest.fixture(autouse=True)
def _names() -> Iterator[None]:
    install_qcpump_names()
    yield
    use_settings(None)


def theirs(name: str) -> Any:
    return importlib.import_module(name)


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("qcpump.pumps.base", "BasePump STRING BOOLEAN INT UINT FLOAT MULTCHOICE DIRECTORY"),
        (
            "qcpump.pumps.common.qatrack",
            "QATrackAPIMixin QATrackFetchAndPost QATrackFetchAndPostTextFile QATrackFetchAndPostBinaryFile slugify",
        ),
        ("qcpump.core.db", "fdb_query firebirdsql_query mssql_query sqlite_query"),
        ("qcpump.core.json", "QCPumpJSONEncoder"),
        ("qcpump.settings", "Settings"),
    ],
)
def test_every_name_of_the_reference_resolves_to_ours(module: str, names: str) -> None:
    found = theirs(module)
    assert found is importlib.import_module(our_name(module))
    assert sys.modules[module] is found
    assert [name for name in names.split() if not hasattr(found, name)] == []


def test_the_base_class_is_ours() -> None:
    assert theirs("qcpump.pumps.base").BasePump is base.BasePump
    assert theirs("qcpump").__name__ == "qcpump_qt.compat.qcpump"


def test_our_modules_keep_their_own_spec() -> None:
    for name in ("qcpump.pumps.base", "qcpump.core", "qcpump"):
        module = theirs(name)
        assert module.__spec__.name == our_name(name)
        assert module.__name__ == our_name(name)


def test_all_forms_of_import() -> None:
    scope: dict[str, Any] = {}
    source = (
        "import qcpump\nimport qcpump.core.db as db\nfrom qcpump.pumps import base\n"
        "from qcpump import settings\nimport qcpump.core.json\nencoder = qcpump.core.json.QCPumpJSONEncoder\n"
    )
    exec(source, scope)
    assert scope["base"].BasePump is base.BasePump
    assert scope["encoder"] is QCPumpJSONEncoder
    assert scope["db"] is sys.modules["qcpump_qt.compat.qcpump.core.db"]
    assert scope["settings"].Settings is sys.modules["qcpump.settings"].Settings


def test_a_name_that_is_not_there_is_told() -> None:
    with pytest.raises(
        ModuleNotFoundError, match=r"QCPump-Qt has no module 'qcpump\.core\.nothing'\."
    ) as caught:
        theirs("qcpump.core.nothing")
    assert caught.value.name == "qcpump.core.nothing"


def test_installing_twice_adds_one_finder() -> None:
    before = list(sys.meta_path)
    install_qcpump_names()
    assert sys.meta_path == before


def test_ours_win_over_an_installed_qcpump(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "qcpump" / "pumps"
    package.mkdir(parents=True)
    (tmp_path / "qcpump" / "__init__.py").write_text("REAL = True\n", encoding="utf-8")
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "base.py").write_text("class BasePump: pass\n", encoding="utf-8")
    (package / "extra.py").write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    ours_away = [finder for finder in sys.meta_path if type(finder).__module__ != "qcpump_qt.compat.finder"]
    for name in [name for name in sys.modules if name.partition(".")[0] == "qcpump"]:
        monkeypatch.delitem(sys.modules, name)
    with monkeypatch.context() as without_ours:
        without_ours.setattr(sys, "meta_path", ours_away)
        assert theirs("qcpump").REAL
        assert theirs("qcpump.pumps.base").BasePump is not base.BasePump
    install_qcpump_names()
    assert theirs("qcpump.pumps.base").BasePump is base.BasePump
    with pytest.raises(ModuleNotFoundError, match="QCPump-Qt has no module"):
        theirs("qcpump.pumps.extra")


# qcpump.settings


def test_settings_are_those_of_the_running_program() -> None:
    settings = theirs("qcpump.settings").Settings
    use_settings({"LOG_LEVEL": "debug", "PUMP_DIRECTORIES": ["C:/pumps"]})
    assert settings().LOG_LEVEL == "debug"
    assert settings().PUMP_DIRECTORIES == ["C:/pumps"]
    assert settings.LOG_LEVEL == "debug"
    assert settings().VERSION == VERSION
    assert settings.VERSION == VERSION
    assert settings().DEBUG is False
    assert not hasattr(settings(), "debug")
    with pytest.raises(AttributeError, match=r"There is no setting 'NOPE' in settings\.json\."):
        _ = settings().NOPE


def test_a_change_of_the_settings_is_seen_at_once() -> None:
    running: dict[str, Any] = {"DEBUG": False}
    use_settings(running)
    settings = theirs("qcpump.settings").Settings()
    running["DEBUG"] = True
    assert settings.DEBUG is True


def test_without_a_running_program_the_defaults_count() -> None:
    settings = theirs("qcpump.settings").Settings()
    assert (settings.LOG_LEVEL, settings.DEBUG, settings.MAX_HTTP_307_COUNT) == ("info", False, 3)


# qcpump.core.json


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2021, 3, 31, 1, 23, 34, tzinfo=timezone.utc), '"2021-03-31T01:23:34+00:00"'),
        (date(2021, 3, 31), '"2021-03-31"'),
        (time(1, 23), '"01:23:00"'),
        (decimal.Decimal("1.50"), "1.5"),
        (uuid.UUID(int=5), '"00000000-0000-0000-0000-000000000005"'),
        ({5}, "[5]"),
        (frozenset(), "[]"),
        (PurePosixPath("a/b"), '"a/b"'),
        (b"\x00\xff", '"AP8="'),
        ({"a": [decimal.Decimal(2)]}, '{"a": [2.0]}'),
    ],
)
def test_the_encoder_knows_what_databases_give(value: object, text: str) -> None:
    assert json.dumps(value, cls=QCPumpJSONEncoder) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), decimal.Decimal("NaN")])
def test_the_encoder_refuses_what_no_server_can_read(value: object) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        json.dumps({"a": value}, cls=QCPumpJSONEncoder)


def test_the_encoder_refuses_what_it_does_not_know() -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        json.dumps(object(), cls=QCPumpJSONEncoder)
