"""The pages about own pump types and the blocks of code on them, found as a reader finds them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = (DOCS / "own-pump-types.md", *sorted((DOCS / "own-pump-types").glob("*.md")))
_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"# ([\w/]+\.py)\n")


@dataclass(frozen=True)
class Block:
    """One fenced block.

    Args:
        page: the page's file name.
        language: the word behind the fence.
        text: what is in it.
    """

    page: str
    language: str
    text: str

    @property
    def file(self) -> str:
        """The file that a block of Python is, by its first line."""
        found = _FILE.match(self.text)
        assert found is not None, f"A block on {self.page} does not say which file it is:\n{self.text[:80]}"
        return found[1]


def blocks(*languages: str) -> list[Block]:
    """All blocks in these languages, page by page."""
    found = [
        Block(page.name, *match)
        for page in PAGES
        for match in _FENCED.findall(page.read_text(encoding="utf-8"))
    ]
    return [block for block in found if block.language in languages] if languages else found


def words_in_code(page: Path) -> set[str]:
    """Every word that stands as code in the page's sentences and tables."""
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    return {word for found in re.findall(r"`([^`]+)`", text) for word in re.findall(r"\w+", found)}


def written(folder: Path) -> Path:
    """All Python of the pages as files below a pump directory."""
    for block in blocks("python"):
        path = folder / block.file
        assert not path.exists(), f"{block.file} stands on two pages"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
    return folder


def links(page: Path) -> list[str]:
    """What the page points to, without addresses on the web."""
    found = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    return [link for link in found if "://" not in link]
