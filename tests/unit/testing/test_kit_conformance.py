"""The conformance kit passes a sound type, and tells of each fault which one it is."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from qcpump_qt.pumps.base import BasePump
from qcpump_qt.testing import Clinic, Conformance, World
from unit.testing import faulty_types as types

CHECKS = tuple(name for name, _ in inspect.getmembers(Conformance) if name.startswith("test_"))


class Films(Conformance):
    """A folder with two films and a server that takes them."""

    pump_type: ClassVar[str | type[BasePump]] = types.Sound
    seconds_to_stop = 30.0  # a busy machine is no fault of the type

    def set_up_server(self, world: World) -> None:
        world.add_unit("Linac 1", 1)
        world.add_test_list("Films", {"dose": "simple"})
        world.assign("Films", 1)

    def make_source(self, clinic: Clinic) -> None:
        for number in (1, 2):
            self.film(clinic, number)

    def add_more(self, clinic: Clinic) -> None:
        self.film(clinic, 0)

    def values(self, clinic: Clinic) -> Mapping[str, Any]:
        return {"QATrack+ API": clinic.api, "Films": {"folder": str(clinic.source)}}

    def film(self, clinic: Clinic, number: int) -> None:
        text = json.dumps({"film": number, "dose": number + 0.5})
        (clinic.source / f"{number}.json").write_text(text, encoding="utf-8")


class Nothing(Conformance):
    pump_type = types.Quiet

    def values(self, clinic: Clinic) -> Mapping[str, Any]:
        return {}


def check(kind: type[BasePump], name: str, folder: Path, **settings: Any) -> None:
    films = type("OfThisType", (Films,), {"pump_type": kind, **settings})()
    getattr(films, name)(folder)


def told(kind: type[BasePump], name: str, folder: Path, **settings: Any) -> str:
    with pytest.raises(AssertionError) as caught:
        check(kind, name, folder, **settings)
    return str(caught.value)


@pytest.mark.parametrize("name", CHECKS)
def test_a_sound_type_passes(name: str, tmp_path: Path) -> None:
    check(types.Sound, name, tmp_path)


def test_each_check_tells_what_it_is_about() -> None:
    assert len(CHECKS) == 14
    for name in CHECKS:
        assert (getattr(Conformance, name).__doc__ or "").strip()


@pytest.mark.parametrize("name", CHECKS)
def test_a_type_without_a_server_passes_or_is_left_out(name: str, tmp_path: Path) -> None:
    left_out = {
        "test_the_same_records_have_the_same_ids_and_others_have_others",
        "test_each_record_arrives_exactly_once",
        "test_a_record_whose_answer_was_lost_is_not_sent_twice",
        "test_what_comes_later_is_delivered_too",
        "test_it_stops_while_the_server_is_silent",
        "test_it_works_on_after_the_server_was_away",
        "test_a_source_that_is_away_is_told_and_nothing_is_lost",
    }
    run: Callable[[Path], None] = getattr(Nothing(), name)
    if name in left_out:
        with pytest.raises(pytest.skip.Exception, match=r"^This pump type talks to no QATrack\+ server\.$"):
            run(tmp_path)
    else:
        run(tmp_path)


def test_without_add_more_the_check_of_later_records_is_left_out(tmp_path: Path) -> None:
    with pytest.raises(pytest.skip.Exception, match="says not how the source gets one more record"):
        check(
            types.Sound,
            "test_what_comes_later_is_delivered_too",
            tmp_path,
            add_more=Conformance.add_more,
        )


SOUND = "test_its_configuration_is_sound"
VALIDATORS = "test_its_validators_answer_whatever_is_entered"
CHOICES = "test_its_choices_are_texts_also_when_the_server_is_away"
WELL = "test_a_cycle_ends_well"
IDS = "test_the_same_records_have_the_same_ids_and_others_have_others"
ONCE = "test_each_record_arrives_exactly_once"
LOST = "test_a_record_whose_answer_was_lost_is_not_sent_twice"
LATER = "test_what_comes_later_is_delivered_too"
STOPS = "test_it_stops_when_it_is_asked_to"
SILENT = "test_it_stops_while_the_server_is_silent"
AWAY = "test_it_works_on_after_the_server_was_away"
SOURCE_AWAY = "test_a_source_that_is_away_is_told_and_nothing_is_lost"
LEAVES = "test_looking_leaves_the_source_as_it_was"
SECRETS = "test_no_secret_is_written_down"


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        (types.WithoutHelp, SOUND, "have none:\n- section 'More', field 'x'"),
        (types.WithMistakes, SOUND, "section 'Films': 'multiple' must be True or False, not 'yes'"),
        (types.SaysNoToItself, SOUND, "the program says of them:\n- Films: Never."),
        (types.RaisesOnLongText, VALIDATORS, "… (5002 characters): raised ValueError: too long"),
        (types.RaisesOnBlankNumber, VALIDATORS, "validate_films, with 'dose' = None: raised TypeError: "),
        (
            types.AnswersWithOneItem,
            VALIDATORS,
            "gave (True,); two items are wanted, True or False and a text",
        ),
        (types.AnswersNoText, VALIDATORS, "gave (True, None); two items are wanted"),
        (types.EndsTheProgram, VALIDATORS, "validate_films, with 'comment' = 'x': raised SystemExit: 3"),
        (
            types.ChoicesFail,
            CHOICES,
            "section 'Films', method lists: raised KeyError: 'lists'",
        ),
        (types.ChoicesAreText, CHOICES, "gave 'Films'; a list of texts is wanted"),
        (types.ChoicesAreNumbers, CHOICES, "gave [1, 2]; every choice has to be a text that is not blank"),
        (types.ChoicesTwice, CHOICES, "gave ['Films', 'Films']; two choices must not be the same"),
        (types.ChoicesFailWithoutServer, CHOICES, "while the server is away:\n- the choices of 'list'"),
        (types.Fails, WELL, "it ended failed. "),
        (types.IdsChange, IDS, "These ids were not the same in every fetch: ['Films/"),
        (types.IdsMeet, IDS, "Two records have one id, so only one of them would arrive: ['Films/the one']"),
        (types.IdsTooLong, IDS, "Record 1: its id is 308 characters long"),
        (
            types.IdsCount,
            LATER,
            "these ids stood for other results than before: ['Films/0', 'Films/1']. An id",
        ),
        (types.PostsTwice, ONCE, "A cycle with nothing new posted 1 times."),
        (types.IdsChange, LOST, "Not every record arrived exactly once.\n- "),
        (types.Deaf, STOPS, "A pump that loops or waits has to ask should_terminate()."),
        (
            types.StopsWithAnError,
            STOPS,
            " looks, the cycle did not end in peace but failed: ",
        ),
        (
            types.DeafToSilence,
            SILENT,
            "Stopped while the server was silent, the cycle went on for more than 0.3 s.",
        ),
        (types.SwallowsAnAbsentServer, AWAY, "has to end as unreachable and say why; it ended ok."),
        (
            types.TakesAbsenceForNothing,
            SOURCE_AWAY,
            "The source was away and the cycle ended as if nothing was new.",
        ),
        (types.Writes, LEAVES, "Validation or preview changed the source:\n- . was changed"),
        (types.WritesWhenChecked, LEAVES, "Validation or preview changed the source:\n- 1.json was changed"),
        (
            types.Moves,
            LEAVES,
            "A cycle changed the source:\n- . was changed\n- 1.json is gone\n- 2.json is gone",
        ),
        (types.TellsItsToken, SECRETS, "stands in these files of the program:\n- pumps"),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_a_fault_is_told(kind: type[BasePump], name: str, said: str, tmp_path: Path) -> None:
    seconds = 0.3 if kind in (types.Deaf, types.DeafToSilence) else 30.0
    assert said in told(kind, name, tmp_path, seconds_to_stop=seconds)


def test_ids_that_are_others_after_a_start_are_told(tmp_path: Path) -> None:
    file = tmp_path / "Pumps" / "Films" / "films.py"
    file.parent.mkdir(parents=True)
    file.write_text(
        "import time\n"
        "from unit.testing.faulty_types import Sound\n"
        "STARTED = time.perf_counter_ns()\n"
        "class FilmPump(Sound):\n"
        "    def id_for_record(self, record):\n"
        "        return f'Films/{STARTED}/{record[\"film\"]}'\n",
        encoding="utf-8",
    )
    said = told(types.Sound, IDS, tmp_path / "clinic", file=file, pump_type="FilmPump")
    assert said.startswith("These ids were not the same in every fetch: ['Films/")
    check(types.Sound, WELL, tmp_path / "well", file=file, pump_type="FilmPump")


def test_a_type_that_is_meant_to_change_its_source_may(tmp_path: Path) -> None:
    check(types.Moves, LEAVES, tmp_path, reads_only=False)
    assert "changed the source" in told(types.Writes, LEAVES, tmp_path / "again", reads_only=False)


def test_a_source_with_one_record_tells_nothing_of_ids(tmp_path: Path) -> None:
    def one(self: Films, clinic: Clinic) -> None:
        self.film(clinic, 1)

    assert told(types.Sound, IDS, tmp_path, make_source=one) == (
        "The source of this test gave 1 records; at least two are needed to tell ids apart."
    )


def test_a_file_without_the_type_is_told(tmp_path: Path) -> None:
    file = tmp_path / "Pumps" / "Hello" / "hello.py"
    file.parent.mkdir(parents=True)
    file.write_text("import nothing_of_that_name\n", encoding="utf-8")
    said = told(types.Sound, SOUND, tmp_path / "clinic", file=file, pump_type="HelloPump")
    assert said.startswith("HelloPump is not offered as it is. ")
    assert f"The file {file}, line 1, was not loaded: ModuleNotFoundError" in said
    file.write_text("", encoding="utf-8")
    said = told(types.Sound, SOUND, tmp_path / "again", file=file, pump_type="HelloPump")
    assert said == f"HelloPump is not offered as it is. No class of that name is in {file}."
