"""Every block of code on the pages is run somewhere, and every link leads to something."""

from __future__ import annotations

import ast
import inspect
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from docs import test_docs_examples, test_docs_posting
from docs.pages import PAGES, blocks, links, words_in_code
from qcpump_qt.cli import main as cli
from qcpump_qt.cli.parser import make_parser
from qcpump_qt.compat.catalogue import Catalogue
from qcpump_qt.compat.qcpump.core import db
from qcpump_qt.engine.config.fields import FieldType
from qcpump_qt.engine.settings import settings_from
from qcpump_qt.pumps.base import BasePump
from qcpump_qt.pumps.fetch_and_post import QATrackFetchAndPost
from qcpump_qt.pumps.qatrack_api import QATrackAPIMixin
from qcpump_qt.testing import Conformance


def text_of(name: str) -> str:
    (page,) = (page for page in PAGES if page.name == name)
    return page.read_text(encoding="utf-8")


def test_every_language_of_a_block_is_one_that_is_run() -> None:
    assert {block.language for block in blocks()} == {"python", "json", "sh"}


def test_every_pump_type_of_the_pages_is_loaded_without_a_problem(catalogue: Catalogue) -> None:
    assert [str(problem) for problem in catalogue.problems] == []
    sources = {kind.source.as_posix() for kind in catalogue.types.values() if kind.source}
    for block in blocks("python"):
        if "/tests/" not in block.file:
            assert any(source.endswith(block.file) for source in sources), block.file


def test_every_block_of_python_is_driven_by_a_test() -> None:
    driven = {*test_docs_examples.DRIVEN, *test_docs_posting.DRIVEN}
    assert driven == {block.file for block in blocks("python")}


def test_every_field_of_the_pages_has_a_help(catalogue: Catalogue) -> None:
    for kind in catalogue.types.values():
        assert [field.name for section in kind.sections for field in section.fields if not field.help] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    for link in links(page):
        assert (page.parent / link).is_file(), link


def test_blocks_of_json_are_settings_or_pumps(tmp_path: Path) -> None:
    settings, pump = (json.loads(block.text) for block in blocks("json"))
    read, messages = settings_from(json.dumps(settings).encode(), tmp_path / "settings.json")
    assert (read.PUMP_DIRECTORIES, messages) == (["C:/Users/you/Pumps"], [])
    assert set(pump) == {"type", "name", "state"}


def test_the_commands_of_the_first_page_do_what_it_says(
    tmp_path: Path, pumps: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.json").write_text(json.dumps({"PUMP_DIRECTORIES": [str(pumps)]}), encoding="utf-8")
    start = tmp_path / "start" / "pumps" / "Greeting"
    start.mkdir(parents=True)
    (start / "config.json").write_text(blocks("json")[1].text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    said = []
    for line in "".join(b.text for b in blocks("sh") if b.page == "own-pump-types.md").splitlines():
        program, *words = shlex.split(line)
        assert program == "qcpump-qt"
        code = cli.main(["--home", str(home), *words])
        told = capsys.readouterr()
        assert (code, told.err) == (0, ""), line
        said.append(told.out)
    listed, _imported, validated, _previewed, ran = said
    assert "HelloWorldPump: Hello World" in listed
    assert "Greeting: The message must end" not in validated
    assert "Greeting: OK. The message is fine." in validated
    assert "info: Good evening." in ran


def test_other_commands_of_the_pages_are_commands() -> None:
    found = re.findall(
        r"(?:^    |`)(qcpump-qt [^`\n]+)", "".join(map(text_of, (p.name for p in PAGES))), re.MULTILINE
    )
    assert len(found) >= 4
    for line in found:
        words = shlex.split(line)[1:]
        if words != ["--version"]:
            make_parser().parse_args(words)


def test_the_test_of_the_pages_passes(pumps: Path) -> None:
    """The commands of the page on tests, on the folder where the files are here."""
    _install, run = next(b for b in blocks("sh") if b.page == "testing.md").text.splitlines()
    program, *words = shlex.split(run)
    assert (program, words[:2]) == ("python", ["-m", "pytest"])
    folder = words[2].replace("C:/Users/you/Pumps", pumps.as_posix())
    ran = subprocess.run(
        [sys.executable, *words[:2], folder, "-q", "-p", "no:cacheprovider"],
        cwd=pumps,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=240,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "15 passed" in ran.stdout


# --- the tables are complete -----------------------------------------------------------------------------------


def public(cls: type) -> set[str]:
    return {name for name in vars(cls) if not name.startswith("_")}


def named_in(name: str) -> set[str]:
    (page,) = (page for page in PAGES if page.name == name)
    return words_in_code(page)


def test_every_member_of_a_pump_is_told() -> None:
    inner = {"sections", "display_name", "configuration", "pump_host"}
    assert public(BasePump) - inner <= named_in("members.md")


def test_every_hook_and_member_of_the_mixins_is_told() -> None:
    inner = {"throttle", "include_comment", "qatrack_server", "pump"}
    members = public(QATrackAPIMixin) | public(QATrackFetchAndPost)
    assert members - inner <= named_in("qatrack.md")
    assert "slug_and_filename_for_record" in named_in("qatrack.md")


def test_the_hooks_stand_in_the_order_in_which_they_are_called() -> None:
    table = re.findall(
        r"^\| `(\w+)\(record\)`|^\| `(fetch_records)\(\)`", text_of("qatrack.md"), re.MULTILINE
    )
    source = inspect.getsource(QATrackFetchAndPost._upload)
    first, second, *asked, last = (name or fetch for name, fetch in table)
    assert (first, second, last) == ("fetch_records", "id_for_record", "post_process")
    assert asked == sorted(asked, key=lambda name: source.index(f"self.{name}("))


def test_every_key_of_a_field_and_every_type_is_told(catalogue: Catalogue) -> None:
    told = named_in("configuration.md")
    assert {kind.name for kind in FieldType} <= told
    assert {
        "name",
        "type",
        "required",
        "label",
        "help",
        "default",
        "readonly",
        "validation",
        "unit",
        "choices",
    } <= told
    chamber = next(block.text for block in blocks("python") if block.file == "Chamber/chamber.py")
    used = {key.value for key in ast.walk(ast.parse(chamber)) if isinstance(key, ast.Constant)}
    assert {"label", "help", "default", "readonly", "validation", "unit", "choices", "required"} <= used
    section = catalogue.get("ChamberPump").sections[1]
    assert {field.type for field in section.fields} == set(FieldType)


def test_every_query_is_told() -> None:
    queries = {name for name in vars(db) if name.endswith("_query")} - {"_query"}
    assert queries <= named_in("databases.md")


def test_every_member_of_the_kit_is_told() -> None:
    told = named_in("testing.md")
    ours = public(Conformance)
    checks = {name for name in ours if name.startswith("test_")}
    assert ours - checks - {"delivering_clinic"} <= told
    rows = re.findall(r"^\| (it|its|a|the|each|what|looking|no) ", text_of("testing.md"), re.MULTILINE)
    assert len(rows) == len(checks)


def test_the_tables_have_as_many_cells_as_their_heads() -> None:
    for page in PAGES:
        width = 0
        for line in page.read_text(encoding="utf-8").splitlines():
            cells = line.replace("\\|", "").count("|") if line.startswith("|") else 0
            assert not width or not cells or cells == width, f"{page.name}: {line}"
            width = cells


def test_lines_are_short_enough_to_read() -> None:
    for page in PAGES:
        long = [
            line
            for line in page.read_text(encoding="utf-8").splitlines()
            if len(line) > 120 and not line.startswith("|")
        ]
        assert long == [], page.name
