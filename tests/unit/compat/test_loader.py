"""Loading pump types: what is offered, what is reported, and that no file can stop the others."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Any

import pytest

from qcpump_qt.compat.loader import Catalogue, load_pump_types
from qcpump_qt.engine.config.values import Configuration
from qcpump_qt.engine.errors import ConfigurationError, PumpTypeError
from qcpump_qt.pumps.base import BasePump
from recording_host import RecordingHost

GOOD = """\
from qcpump.pumps.base import BasePump
class Good(BasePump):
    def pump(self):
        self.log_info("good")
"""


class BuiltIn(BasePump):
    DISPLAY_NAME = "Built in"
    HELP_URL = "https://example.com/help"

    def pump(self) -> None:
        self.log_info("built in")


class BuiltInWithMistakes(BasePump):
    CONFIG = "no list"

    def pump(self) -> None: ...


class Tree:
    """Writes files below a pump directory and loads it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, name: str, source: str | bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source.encode("utf-8") if isinstance(source, str) else source)
        return path

    def load(self, *directories: Path) -> Catalogue:
        return load_pump_types([], directories or [self.root])


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    root = tmp_path / "pumps"
    root.mkdir()
    return Tree(root)


def said(catalogue: Catalogue) -> list[str]:
    return [problem.message for problem in catalogue.problems]


def run(catalogue: Catalogue, key: str) -> list[str]:
    pump_type = catalogue.get(key)
    host = RecordingHost()
    pump_type.create(Configuration(pump_type.sections), host).pump()
    return host.messages


def test_built_in_types() -> None:
    catalogue = load_pump_types([BuiltIn], [])
    found = catalogue.get("BuiltIn")
    assert (found.key, found.cls, found.display_name) == ("BuiltIn", BuiltIn, "Built in")
    assert (found.help_url, found.source) == ("https://example.com/help", None)
    assert found.sections == BuiltIn.sections()
    assert catalogue.problems == []


def test_a_built_in_type_with_mistakes_is_reported_too() -> None:
    catalogue = load_pump_types([BuiltInWithMistakes, BuiltIn], [])
    assert list(catalogue.types) == ["BuiltIn"]
    assert "CONFIG must be a list of sections, not 'no list'" in said(catalogue)[0]


def test_a_file_in_a_folder_of_its_own(tree: Tree) -> None:
    path = tree.write("Mine/good.py", GOOD)
    catalogue = tree.load()
    assert said(catalogue) == []
    assert catalogue.get("Good").source == path
    assert run(catalogue, "Good") == ["good"]


def test_an_unknown_type_names_the_setting() -> None:
    with pytest.raises(PumpTypeError) as caught:
        Catalogue().get("MyPump")
    assert caught.value.message == (
        "There is no pump type 'MyPump'. If it is one of your own, see that the folder above its folder is "
        "listed under PUMP_DIRECTORIES in settings.json, and that its file loads."
    )
    assert caught.value.title == "Pump type unknown"


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        ("x = 1\ndef broken(:\n", 2, "SyntaxError: invalid syntax"),
        (
            "import math\n\nimport not_there_at_all\n",
            3,
            "ModuleNotFoundError: No module named 'not_there_at_all'",
        ),
        ("from qcpump.core.nothing import x\n", 1, "ModuleNotFoundError: QCPump-Qt has no module"),
        ("from qcpump.pumps.base import Nothing\n", 1, "ImportError: cannot import name 'Nothing'"),
        ("def f():\n    return 1 / 0\n\nf()\n", 2, "ZeroDivisionError: division by zero"),
        ("from . import nothing\n", 1, "ImportError: cannot import name 'nothing'"),
        ("raise SystemExit\n", 1, "SystemExit"),
        ("import sys\nsys.exit('bye')\n", 2, "SystemExit: bye"),
        ("def f():\n    f()\nf()\n", 2, "RecursionError: "),
        ("  x = 1\n", 1, "IndentationError: unexpected indent"),
    ],
)
def test_a_file_that_does_not_load_is_told_and_stops_nothing(
    tree: Tree, source: str, line: int, reason: str
) -> None:
    bad = tree.write("A/bad.py", source)
    tree.write("A/good.py", GOOD)
    catalogue = tree.load()
    (problem,) = catalogue.problems
    assert problem.message.startswith(f"The file {bad}, line {line}, was not loaded: {reason}")
    assert problem.subject == str(bad)
    assert run(catalogue, "Good") == ["good"]


@pytest.mark.parametrize(
    "content",
    [
        "UNIT = '°C'\n".encode("cp1252"),
        b"x = 1\0\n",
        b"# coding: no-such-coding\n",
        b"\xff\xfex\0=\x001\0",
    ],
    ids=["cp1252", "null", "unknown coding", "utf-16"],
)
def test_a_file_that_is_no_readable_text_is_told(tree: Tree, content: bytes) -> None:
    bad = tree.write("A/bad.py", content)
    tree.write("B/good.py", GOOD)
    catalogue = tree.load()
    (problem,) = catalogue.problems
    assert problem.message.startswith(f"The file {bad}")
    assert "was not loaded: " in problem.message
    assert list(catalogue.types) == ["Good"]


def test_a_file_that_declares_its_coding_is_read_in_it(tree: Tree) -> None:
    source = "# -*- coding: cp1252 -*-\n" + GOOD.replace('"good"', '"20 °C"')
    tree.write("A/good.py", source.encode("cp1252"))
    assert run(tree.load(), "Good") == ["20 °C"]


def test_mistakes_in_config_are_told_and_the_type_is_not_offered(tree: Tree) -> None:
    path = tree.write("A/wrong.py", GOOD + '    CONFIG = [{"fields": []}]\n')
    catalogue = tree.load()
    assert catalogue.types == {}
    assert said(catalogue) == [
        f"The CONFIG of Good in {path} has a mistake; the pump type is not offered.\n"
        "- section number 1 has no 'name'"
    ]


def test_a_missing_directory_is_told(tree: Tree, tmp_path: Path) -> None:
    tree.write("A/good.py", GOOD)
    missing = tmp_path / "away"
    catalogue = tree.load(missing, tree.root)
    assert said(catalogue) == [
        f"The pump types in {missing} cannot be read: it is not there, or the folder above it is not there."
    ]
    assert list(catalogue.types) == ["Good"]


def test_a_directory_that_is_a_file_is_told(tree: Tree) -> None:
    file = tree.write("a.txt", "x")
    (message,) = said(tree.load(file))
    assert message.startswith(f"The pump types in {file} cannot be read: ")


def test_a_directory_that_no_path_can_name_is_told(tree: Tree) -> None:
    (message,) = said(tree.load(Path("a\0b")))
    assert "cannot be read: " in message


def test_files_that_lie_in_the_directory_itself_are_told(tree: Tree) -> None:
    tree.write("good.py", GOOD)
    (message,) = said(tree.load())
    assert message.startswith(
        f"The folder {tree.root} of PUMP_DIRECTORIES has Python files in it, but no folder"
    )
    tree.write("A/other.py", GOOD)
    assert said(tree.load()) == []


def test_what_is_not_looked_at(tree: Tree) -> None:
    for name in (
        "A/.hidden.py",
        "A/._good.py",
        ".git/hook.py",
        "__pycache__/x.py",
        "A/deeper/good.py",
        "A/b.txt",
    ):
        tree.write(name, "raise RuntimeError")
    (tree.root / "A" / "folder.py").mkdir()
    catalogue = tree.load()
    assert said(catalogue) == []
    assert catalogue.types == {}


def test_a_directory_listed_twice_is_loaded_once(tree: Tree) -> None:
    tree.write("A/good.py", GOOD)
    catalogue = tree.load(tree.root, tree.root / "A" / "..")
    assert list(catalogue.types) == ["Good"]
    assert said(catalogue) == []


def test_two_classes_of_one_name_are_both_offered_and_told(tree: Tree) -> None:
    first = tree.write("A/one.py", GOOD)
    second = tree.write("B/two.py", GOOD.replace('"good"', '"better"'))
    catalogue = tree.load()
    assert list(catalogue.types) == ["Good", "B.two.Good"]
    assert said(catalogue) == [
        f"The name Good of the pump type in {second} is taken by one from {first}. Both are offered; this one "
        "goes by B.two.Good. Rename one of the classes to tell them apart."
    ]
    assert run(catalogue, "Good") == ["good"]
    assert run(catalogue, "B.two.Good") == ["better"]


def test_keys_stay_apart_even_in_folders_of_one_name(tree: Tree, tmp_path: Path) -> None:
    others = [Tree(tmp_path / "more" / "pumps"), Tree(tmp_path / "even" / "pumps")]
    for place in (tree, *others):
        place.write("A/one.py", GOOD)
    tree.write("0/zero.py", GOOD)
    catalogue = tree.load(tree.root, *(other.root for other in others))
    assert list(catalogue.types) == ["Good", "A.one.Good", "pumps.A.one.Good", "pumps.A.one.Good+"]


def test_a_built_in_type_keeps_its_name(tree: Tree) -> None:
    tree.write("A/mine.py", GOOD.replace("Good", "BuiltIn"))
    catalogue = load_pump_types([BuiltIn], [tree.root])
    assert catalogue.get("BuiltIn").cls is BuiltIn
    assert "is taken by one from QCPump-Qt itself" in said(catalogue)[0]
    assert run(catalogue, "A.mine.BuiltIn") == ["good"]


def test_only_what_a_file_itself_defines_is_offered(tree: Tree) -> None:
    tree.write("A/base_of_mine.py", GOOD)
    tree.write("A/child.py", "from base_of_mine import Good\nclass Child(Good):\n    pass\nAgain = Child\n")
    tree.write("A/helper.py", GOOD.replace("Good", "Helper") + "    INTERNAL = True\n")
    catalogue = tree.load()
    assert said(catalogue) == []
    assert list(catalogue.types) == ["Good", "Child"]
    assert catalogue.get("Child").cls.__mro__[1] is catalogue.get("Good").cls


def speaking(statement: str, expression: str, name: str = "Good") -> str:
    return f"{statement}\n" + GOOD.replace('"good"', expression).replace("Good", name)


@pytest.mark.parametrize(
    ("statement", "expression"),
    [
        ("import helpers", "helpers.WORD"),
        ("import helpers as h", "h.WORD"),
        ("from helpers import WORD", "WORD"),
        ("from . import helpers", "helpers.WORD"),
        ("from .helpers import WORD", "WORD"),
        ("import inner.deep", "inner.deep.WORD"),
        ("from inner import deep", "deep.WORD"),
        ("from inner.deep import WORD", "WORD"),
        ("import inner", "inner.deep.WORD"),
    ],
)
def test_each_folder_has_its_own_helpers(tree: Tree, statement: str, expression: str) -> None:
    for folder, name in (("A", "First"), ("B", "Second")):
        tree.write(f"{folder}/pump_{name}.py", speaking(statement, expression, name))
        tree.write(f"{folder}/helpers.py", f"WORD = '{folder}'\n")
        tree.write(f"{folder}/inner/__init__.py", "from . import deep\nimport inner.deep\n")
        tree.write(f"{folder}/inner/deep.py", "from helpers import WORD\n")
    before = list(sys.path)
    catalogue = tree.load()
    assert said(catalogue) == []
    assert run(catalogue, "First") == ["A"]
    assert run(catalogue, "Second") == ["B"]
    assert sys.path == before
    assert not {"helpers", "inner", "inner.deep"} & set(sys.modules)


def test_helpers_may_be_imported_while_the_pump_runs(tree: Tree) -> None:
    for folder, name in (("A", "First"), ("B", "Second")):
        tree.write(f"{folder}/a.py", speaking("", "__import__('helpers').WORD", name))
        tree.write(
            f"{folder}/b.py",
            speaking("def word():\n    from helpers import WORD\n    return WORD", "word()", f"Late{name}"),
        )
        tree.write(f"{folder}/helpers.py", f"WORD = '{folder}'\n")
    catalogue = tree.load()
    assert [run(catalogue, key) for key in ("First", "Second", "LateFirst", "LateSecond")] == [
        ["A"],
        ["B"],
        ["A"],
        ["B"],
    ]


def test_a_helper_is_one_module_however_it_is_imported(tree: Tree) -> None:
    tree.write("A/a.py", speaking("import helpers\nfrom . import helpers as same", "helpers is same"))
    tree.write("A/helpers.py", "")
    assert run(tree.load(), "Good") == ["True"]


def test_a_file_named_like_the_standard_library_takes_no_place_of_it(tree: Tree) -> None:
    tree.write("A/a.py", speaking("import queue", "queue.Queue.__name__"))
    tree.write("A/queue.py", "")
    assert run(tree.load(), "Good") == ["Queue"]


def test_a_helper_that_is_broken_is_told_for_both_files(tree: Tree) -> None:
    user = tree.write("A/a.py", "\nimport helpers\n")
    helper = tree.write("A/helpers.py", "x = = 1\n")
    catalogue = tree.load()
    assert said(catalogue) == [
        f"The file {user}, line 2, was not loaded: SyntaxError: invalid syntax (helpers.py, line 1).",
        f"The file {helper}, line 1, was not loaded: SyntaxError: invalid syntax.",
    ]


def test_a_package_init_belongs_to_its_folder(tree: Tree) -> None:
    tree.write("A/__init__.py", "WORD = 'from the package'\n")
    tree.write("A/a.py", speaking("from . import WORD", "WORD"))
    assert run(tree.load(), "Good") == ["from the package"]


def test_file_names_that_are_no_identifiers(tree: Tree) -> None:
    names = ("my-pump.py", "my_pump.py", "2nd.pump.py", "my pump.py")
    for number, name in enumerate(names):
        tree.write(f"Prüfung Nr. 1/{name}", speaking("", f"'{name}'", f"Pump{number}"))
    catalogue = tree.load()
    assert said(catalogue) == []
    assert [run(catalogue, f"Pump{number}") for number in range(4)] == [[name] for name in names]


def test_warnings_of_a_file_do_not_escape(tree: Tree, caplog: pytest.LogCaptureFixture) -> None:
    source = "import warnings\nwarnings.warn('old thing', DeprecationWarning)\nPATH = 'C:\\Temp'\n" + GOOD
    tree.write("A/a.py", source)
    with caplog.at_level(logging.DEBUG, logger="qcpump_qt.compat.loader"):
        catalogue = tree.load()  # warnings are errors in these tests
    assert list(catalogue.types) == ["Good"]
    assert any("old thing" in record.getMessage() for record in caplog.records)


def test_nothing_is_written_beside_the_files(tree: Tree) -> None:
    tree.write("A/good.py", GOOD)
    tree.load()
    assert [path.name for path in (tree.root / "A").iterdir()] == ["good.py"]


def test_loading_again_reads_the_files_again(tree: Tree) -> None:
    tree.write("A/good.py", GOOD)
    first = tree.load()
    tree.write("A/good.py", GOOD.replace("good", "next"))
    second = tree.load()
    assert run(first, "Good") == ["good"]
    assert run(second, "Good") == ["next"]


# Making pumps


def create(tree: Tree, init: str) -> Any:
    tree.write("A/good.py", GOOD + init)
    pump_type = tree.load().get("Good")
    values = {"Pump": [{"name": "x"}]}
    return pump_type.create(Configuration(pump_type.sections, values), RecordingHost())


@pytest.mark.parametrize(
    ("init", "words"),
    [
        (
            "    def __init__(self, *args):\n        raise KeyError('host')\n",
            "A pump of the type Good could not be made: KeyError: 'host' (good.py, line 6).",
        ),
        (
            "    def __init__(self, *args):\n        raise SystemExit(1)\n",
            "A pump of the type Good could not be made: SystemExit: 1 (good.py, line 6).",
        ),
        (
            "    def __init__(self, *args, **kwargs):\n        pass\n",
            "A pump of the type Good could not be made: its __init__ must call super().__init__(*args, **kwargs).",
        ),
    ],
)
def test_a_pump_that_cannot_be_made_is_told(tree: Tree, init: str, words: str) -> None:
    with pytest.raises(PumpTypeError) as caught:
        create(tree, init)
    assert caught.value.message == words
    assert caught.value.subject == "Good"


def test_an_error_in_words_of_an_init_goes_through(tree: Tree) -> None:
    own = "from qcpump_qt.engine.errors import ConfigurationError as E\n        raise E('No licence found.')"
    with pytest.raises(ConfigurationError, match=r"No licence found\."):
        create(tree, f"    def __init__(self, *args):\n        {own}\n")
