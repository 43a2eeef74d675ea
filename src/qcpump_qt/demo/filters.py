"""Filtering as the real server does it, with its traps.

Unknown filter names and lookups are ignored without a word, so is an empty value; a badly typed value
is an error 400; the last of repeated parameters wins; a name that ends in `!` excludes (qatrack-api,
"Lists, paging, filters").
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from qcpump_qt.demo.clock import ServerClock

Predicate = Callable[[Any], bool]
Getter = Callable[[Any], Any]


class BadFilter(Exception):  # noqa: N818 - reads as what the request has
    """A filter value of the wrong type: the body of the 400 answer."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(name, message)
        self.errors = {name: [message]}


class FilterCrash(Exception):  # noqa: N818 - the real server answers 500 here
    """A filter value that the real server falls over (a date that is none in `*_min` and `*_max`)."""


@dataclass(frozen=True)
class Field:
    """A field that can be filtered by: how to get its value, to read the parameter, to compare."""

    get: Getter
    read: Callable[[str], Any] = str
    lookups: tuple[str, ...] = ("exact", "in")
    agrees: Callable[[Any, Any], bool] = operator.eq


@dataclass(frozen=True)
class FilterSet:
    """All filters of one kind of item; `related` ones reach into what the item points to."""

    fields: Mapping[str, Field] = field(default_factory=dict)
    related: Mapping[str, tuple[Getter, FilterSet]] = field(default_factory=dict)

    def find(self, words: list[str]) -> tuple[Field, str] | None:
        """The field and lookup that a parameter name (split at ``__``) means, or None."""
        head = words[0]
        if head in self.related and len(words) > 1:
            get, inner = self.related[head]
            found = inner.find(words[1:])
            return None if found is None else (_through(get, found[0]), found[1])
        known = self.fields.get(head)
        if known is None or len(words) > 2:
            return None
        lookup = words[1] if len(words) == 2 else "exact"
        return (known, lookup) if lookup in known.lookups else None


def _through(get: Getter, inner: Field) -> Field:
    def reach(item: Any) -> Any:
        target = get(item)
        return None if target is None else inner.get(target)

    return Field(reach, inner.read, inner.lookups, inner.agrees)


def chosen(items: Iterable[Any], query: Iterable[tuple[str, str]], filters: FilterSet) -> list[Any]:
    """The items that the query asks for.

    Raises:
        BadFilter: a value has the wrong type.
        FilterCrash: the real server would answer 500.
    """
    predicates = [
        predicate
        for name, value in dict(query).items()
        if (predicate := _predicate(name, value.strip(), filters)) is not None
    ]
    return [item for item in items if all(predicate(item) for predicate in predicates)]


def _predicate(name: str, value: str, filters: FilterSet) -> Predicate | None:
    words = name.removesuffix("!").split("__")
    found = filters.find(words)
    if found is None or not value:
        return None
    try:
        keep = _comparison(*found, value)
    except ValueError as error:
        raise BadFilter(_error_name(words), str(error)) from error
    if keep is None or not name.endswith("!"):
        return keep
    return lambda item: not keep(item)


def _error_name(words: list[str]) -> str:
    # The real server repeats the outer name for filters that reach through two relations.
    return "__".join(words[:1] * (len(words) > 2) + words)


def _comparison(known: Field, lookup: str, value: str) -> Predicate | None:
    get = known.get
    if lookup == "in":
        wanted = [known.read(part.strip()) for part in value.split(",")]
        return lambda item: get(item) in wanted
    target = known.read(value)
    if target is None:
        return None
    if lookup == "contains":
        return lambda item: target in (get(item) or "")
    if lookup == "icontains":
        return lambda item: target.lower() in (get(item) or "").lower()
    return lambda item: (value := get(item)) is not None and known.agrees(value, target)


def number(text: str) -> float:
    """A number parameter.

    Raises:
        ValueError: it is none, in the server's words.
    """
    try:
        return float(text)
    except ValueError as error:
        raise ValueError("Enter a number.") from error


def boolean(text: str) -> bool | None:
    """A yes-or-no parameter; anything else counts as not given."""
    return {"true": True, "1": True, "false": False, "0": False}.get(text.lower())


def text_field(get: Getter) -> Field:
    """A name that may also be looked up by part."""
    return Field(get, lookups=("exact", "in", "contains", "icontains"))


def moment_fields(name: str, get: Callable[[Any], datetime | None], clock: ServerClock) -> dict[str, Field]:
    """The filters of a date-time: itself, and `_min` and `_max`."""

    def exact(text: str) -> datetime:
        try:
            return _moment(text, clock)
        except ValueError as error:
            raise ValueError("Enter a valid date/time.") from error

    def bound(text: str) -> datetime:
        try:
            return _moment(text, clock)
        except ValueError as error:
            raise FilterCrash(text) from error

    return {
        name: Field(get, exact),
        f"{name}_min": Field(get, bound, ("exact",), operator.ge),
        f"{name}_max": Field(get, bound, ("exact",), operator.le),
    }


def _moment(text: str, clock: ServerClock) -> datetime:
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return clock.place(moment) if moment.tzinfo is None else moment
