"""Fields: their types, labels, defaults, and which of them are secret."""

from __future__ import annotations

import math
from typing import Any

import pytest

from qcpump_qt.engine.config.fields import Field, FieldType, has_type, is_number, label_from
from qcpump_qt.engine.config.secrecy import has_credentials, hide, looks_secret


def test_the_types_have_the_names_that_third_party_files_may_spell_out() -> None:
    assert [member.value for member in FieldType] == [
        "string",
        "boolean",
        "int",
        "uint",
        "float",
        "multchoice",
        "directory",
        "secret",
        "file",
    ]


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("tds directory", "Tds Directory"),
        ("interval (s)", "Interval (s)"),
        ("api url", "Api Url"),
        ("verify ssl", "Verify Ssl"),
        ("dqa3 name", "Dqa3 Name"),
        ("unit_name", "Unit Name"),
        ("QATrack+ API", "QATrack+ API"),
    ],
)
def test_a_label_is_made_from_the_name(name: str, label: str) -> None:
    assert label_from(name) == label
    assert Field(name=name, type=FieldType.STRING).label == label


def test_a_declared_label_stays() -> None:
    assert Field(name="a", type=FieldType.STRING, label="Something else").label == "Something else"


@pytest.mark.parametrize(
    ("kind", "default"),
    [
        (FieldType.STRING, ""),
        (FieldType.MULTCHOICE, ""),
        (FieldType.DIRECTORY, ""),
        (FieldType.BOOLEAN, False),
        (FieldType.INT, None),
        (FieldType.UINT, None),
        (FieldType.FLOAT, None),
    ],
)
def test_a_field_without_default_starts_blank(kind: FieldType, default: object) -> None:
    assert Field(name="a", type=kind).default == default


@pytest.mark.parametrize(
    ("kind", "value", "fits"),
    [
        (FieldType.STRING, "x", True),
        (FieldType.STRING, 1, False),
        (FieldType.BOOLEAN, True, True),
        (FieldType.BOOLEAN, 1, False),
        (FieldType.INT, 1, True),
        (FieldType.INT, True, False),
        (FieldType.INT, 1.0, False),
        (FieldType.UINT, -1, True),  # the sign is a limit, not a type
        (FieldType.FLOAT, 1, True),
        (FieldType.FLOAT, 0.5, True),
        (FieldType.FLOAT, False, False),
        (FieldType.FLOAT, math.nan, False),
        (FieldType.FLOAT, math.inf, False),
        (FieldType.INT, 2**63, False),
    ],
)
def test_types_are_told_apart_strictly(kind: FieldType, value: object, fits: bool) -> None:
    assert has_type(kind, value) is fits


def test_kinds_of_types() -> None:
    assert {kind for kind in FieldType if kind.is_number} == {FieldType.INT, FieldType.UINT, FieldType.FLOAT}
    assert {kind for kind in FieldType if kind.is_path} == {FieldType.DIRECTORY, FieldType.FILE}
    assert not FieldType.BOOLEAN.is_text
    assert not FieldType.FLOAT.is_text
    assert FieldType.SECRET.is_text
    assert is_number(-(2**63) + 1)
    assert not is_number("1")


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "Password",
        "db password",
        "userpassword",
        "auth token",
        "auth_token",
        "authToken",
        "TOKEN",
        "client secret",
        "api key",
        "API-Key",
        "apikey",
        "pwd",
    ],
)
def test_names_that_say_secret(name: str) -> None:
    assert looks_secret(name)
    assert Field(name=name, type=FieldType.STRING).secret


@pytest.mark.parametrize(
    "name", ["data key test name", "api url", "user", "tokenizer", "secretary", "key", ""]
)
def test_names_that_do_not_say_secret(name: str) -> None:
    assert not looks_secret(name)


def test_only_text_is_secret_by_name_and_a_secret_always() -> None:
    assert Field(name="x", type=FieldType.SECRET).secret
    assert not Field(name="use token", type=FieldType.BOOLEAN).secret
    assert not Field(name="password", type=FieldType.MULTCHOICE, choices=("a",)).secret


@pytest.mark.parametrize(
    "value",
    [
        "socks5://user:pass@host:1080",
        "http://user:p@ss@10.10.1.10:3128",
        "https://:word@host",
        "user:pass@proxy:8080",
        "http://user:pa/ss@host",
    ],
)
def test_addresses_with_a_password(value: str) -> None:
    assert has_credentials(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "http://10.10.1.10:3128",
        "https://host/path@x",
        "https://host:8080/a@b",
        "I:\\TDS\\me@site",
        "C:/Users/me@site",
        "host:8080/a@b",
        "me@site.example",
    ],
)
def test_addresses_without_a_password(value: str) -> None:
    assert not has_credentials(value)


def test_hiding_takes_secrets_and_address_passwords_out_of_a_text() -> None:
    text = "Token 97df5be0 refused by http://me:hunter22@proxy:8080"
    hidden = hide(text, {"97df5be0"})
    assert "97df5be0" not in hidden
    assert "hunter22" not in hidden
    assert "refused by http://me" in hidden


def test_hiding_without_secrets_leaves_a_plain_text_alone() -> None:
    assert hide("Nothing to hide at http://host:80/a.") == "Nothing to hide at http://host:80/a."


def test_every_type_says_in_words_what_it_takes() -> None:
    words: dict[Any, str] = {kind: kind.words for kind in FieldType}
    assert words[FieldType.UINT] == "a whole number that is not negative"
    assert all(words.values())
