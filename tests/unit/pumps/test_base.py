"""BasePump: what every pump type can ask and tell."""

from __future__ import annotations

import abc
import logging
from pathlib import Path
from typing import Any, ClassVar

import pytest

from qcpump_qt.engine.config.fields import FieldType
from qcpump_qt.engine.config.values import Configuration
from qcpump_qt.engine.errors import ConfigurationError, PumpTypeError
from qcpump_qt.pumps import base
from qcpump_qt.pumps.base import INT, MULTCHOICE, STRING, BasePump, is_pump_type, source_file
from recording_host import RecordingHost


class Sample(BasePump):
    DISPLAY_NAME = " A sample "
    CONFIG: ClassVar[list[dict[str, Any]]] = [
        {
            "name": "Server",
            "fields": [
                {"name": "auth token", "type": STRING, "required": True},
                {"name": "port", "type": INT, "default": 80},
            ],
        },
        {"name": "Unit", "multiple": True, "fields": [{"name": "name", "type": STRING}]},
    ]

    def pump(self) -> None:
        self.log_info("pumped")


def make(host: RecordingHost | None = None, cls: type[BasePump] = Sample, **values: Any) -> BasePump:
    return cls(Configuration(cls.sections(), values), host or RecordingHost())


def test_the_constants_of_the_manual() -> None:
    names = ["STRING", "BOOLEAN", "INT", "UINT", "FLOAT", "MULTCHOICE", "DIRECTORY", "SECRET", "FILE"]
    assert [getattr(base, name) for name in names] == list(FieldType)
    assert MULTCHOICE == "multchoice"


def test_configuration_values() -> None:
    pump = make(Unit=[{"name": "a"}, {"name": "b"}])
    assert pump.get_config_value("Server", "port") == 80
    assert pump.get_config_value("Unit", "name") == "a"
    assert pump.get_config_value("Unit", "name", 1) == "b"
    assert pump.get_config_value("Unit", "name", subsection_index=1) == "b"
    assert pump.get_config_values("Unit") == [{"name": "a"}, {"name": "b"}]
    assert pump.get_config_value("Pump", "interval (s)") == 300
    with pytest.raises(ConfigurationError, match="There is no section 'Nope'"):
        pump.get_config_values("Nope")


def test_name_active_and_valid() -> None:
    pump = make(RecordingHost(name="Truebeam 1"))
    assert pump.name == "Truebeam 1"
    assert pump.active
    assert not pump.valid  # the token is required
    assert make(Server=[{"auth token": "abc"}]).valid
    assert not make(Pump=[{"active": False}]).active


def test_the_end_is_wanted_once_cancelled() -> None:
    host = RecordingHost()
    pump = make(host)
    assert not pump.should_terminate()
    host.cancel.cancel()
    assert pump.should_terminate()


def test_log_lines_have_their_level_and_no_secrets() -> None:
    host = RecordingHost()
    pump = make(host, Server=[{"auth token": "97df5be0362e"}])
    pump.log_debug("Token 97df5be0362e")
    pump.log_info("one")
    pump.log_warning("two")
    pump.log_error(ValueError("three"))
    pump.log_critical(4)
    assert host.lines == [
        (logging.DEBUG, "Token ***"),
        (logging.INFO, "one"),
        (logging.WARNING, "two"),
        (logging.ERROR, "three"),
        (logging.CRITICAL, "4"),
    ]


def test_progress_stays_within_bounds_and_tells_no_secret() -> None:
    host = RecordingHost()
    pump = make(host, Server=[{"auth token": "97df5be0362e"}])
    pump.update_progress(50, "half")
    pump.update_progress(-3)
    pump.update_progress(float("nan"), "what")
    pump.update_progress(250, "with 97df5be0362e")
    assert host.steps == [(50.0, "half"), (0.0, ""), (0.0, "what"), (100.0, "with ***")]


def test_the_folder_of_the_pump_is_made_when_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "pumps" / "my-pump-1"
    pump = make(RecordingHost(folder))
    assert pump.get_pump_path("state.json") == folder / "state.json"
    assert folder.is_dir()
    assert pump.get_pump_path() == folder


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "pump"
    with pytest.raises(ConfigurationError) as caught:
        make(RecordingHost(folder)).get_pump_path()
    assert caught.value.message.startswith(f"{folder} could not be made: ")
    assert caught.value.subject == "My pump"


def test_pump_has_to_be_overridden_and_setup_need_not() -> None:
    pump = make(cls=BasePump)
    pump.setup()
    with pytest.raises(NotImplementedError, match="BasePump has no pump method of its own"):
        pump.pump()


def test_an_init_of_its_own_hands_on_what_it_got() -> None:
    class WithInit(Sample):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            self.counter = 7
            super().__init__(*args, **kwargs)

    pump = make(cls=WithInit)
    assert isinstance(pump, WithInit)
    assert pump.counter == 7
    assert pump.name == "My pump"
    configuration, host = Configuration(Sample.sections()), RecordingHost()
    by_name = WithInit(configuration=configuration, host=host)
    assert by_name.pump_host is host


def test_anything_else_is_refused() -> None:
    configuration, host = Configuration(Sample.sections()), RecordingHost()
    expected = "Sample is made with a configuration and a host, and nothing else."
    bad: list[tuple[Any, ...]] = [(), (configuration,), (host, configuration), (configuration, host, 1)]
    for arguments in bad:
        with pytest.raises(TypeError, match=expected):
            Sample(*arguments)
    with pytest.raises(TypeError, match=expected):
        Sample(configuration, host, more=1)


def test_sections_are_read_once_for_each_type() -> None:
    class Child(Sample):
        CONFIG: ClassVar[list[dict[str, Any]]] = []

    assert Sample.sections() is Sample.sections()
    assert [section.name for section in Sample.sections()] == ["Pump", "Server", "Unit"]
    assert [section.name for section in Child.sections()] == ["Pump"]


def test_mistakes_in_config_name_class_and_file() -> None:
    class Wrong(BasePump):
        CONFIG: ClassVar[list[Any]] = [{"name": "Main", "validation": "nowhere"}]

    with pytest.raises(PumpTypeError, match=r"The CONFIG of Wrong in .*test_base\.py has a mistake"):
        Wrong.sections()


def test_display_name() -> None:
    class Odd(Sample):
        DISPLAY_NAME = 5  # type: ignore[assignment]

    assert Sample.display_name() == "A sample"
    assert BasePump.display_name() == "BasePump"
    assert Odd.display_name() == "Odd"


def test_what_counts_as_a_pump_type() -> None:
    class NoPump(BasePump):
        pass

    class Inherits(Sample):
        pass

    class Helper(Sample):
        INTERNAL = True

    class OfHelper(Helper):
        pass

    class _Private(Sample):
        pass

    class Abstract(Sample, abc.ABC):
        @abc.abstractmethod
        def records(self) -> None: ...

    class Mixin:
        def pump(self) -> None: ...

    class WithMixin(Mixin, BasePump):
        pass

    wanted: list[object] = [Sample, Inherits, OfHelper, WithMixin]
    unwanted: list[object] = [
        BasePump,
        NoPump,
        Helper,
        _Private,
        Abstract,
        Mixin,
        make(),
        "Sample",
        None,
        int,
    ]
    assert [is_pump_type(candidate) for candidate in wanted] == [True] * len(wanted)
    assert [is_pump_type(candidate) for candidate in unwanted] == [False] * len(unwanted)


def test_the_file_of_a_class() -> None:
    assert Path(source_file(Sample)).name == "test_base.py"
    assert source_file(int) == "builtins"
