"""Test list names from templates: nothing but their variables, and nothing that could do harm."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.pumps.templates import render_name

CHECK = {"check_type": "Beam and Geometry Checks"}


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("MPC: {{ check_type }}", "MPC: Beam and Geometry Checks"),
        ("  {{ check_type|upper }}  ", "BEAM AND GEOMETRY CHECKS"),
        ("{% if 'MLC' in check_type %}A{% else %}B{% endif %}", "B"),
        ("100 % <b> & {{ check_type[0:4] }}", "100 % <b> & Beam"),
    ],
)
def test_names(template: str, name: str) -> None:
    assert render_name(template, CHECK) == name


@pytest.mark.parametrize(
    "template",
    [
        "{{ check_type.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ self.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ check_type.format.__globals__ }}",
        "{{ '{0.__class__}'.format(check_type) }}",
        "{% import 'os' as os %}",
        "{% include '/etc/passwd' %}",
        "{{ 'a' * 10 ** 10 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ '%999999999d' % 1 }}",
        "{{ '%999999999d'|format(1) }}",
        "{{ 'a'|center(999999999) }}",
        "{{ 'a'.ljust(999999999) }}",
        "{{ '{:>999999999}'.format(1) }}",
        "{% for i in range(9999) %}{% for j in range(9999) %}x{% endfor %}{% endfor %}",
        "{% for i in range(10 ** 9) %}x{% endfor %}",
        "{% for i in range(1000000000) %}x{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{{ 1 / 0 }}",
        "{{ unknown }}",
        "{{ check_type.unknown }}",
        "{{ check_type",
        "{% endfor %}",
        "{{ check_type | nothing }}",
    ],
)
def test_attacks_and_mistakes_are_refused_in_words(template: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        render_name(template, CHECK)
    assert refused.value.message.startswith(f"The test list name '{template}' cannot be used as a template (")
    assert refused.value.message.endswith("It may contain {{ check_type }}.")
    assert refused.value.subject == "Test List"


@pytest.mark.parametrize("template", ["", "   ", "{% if false %}x{% endif %}", "{# only a remark #}"])
def test_an_empty_name_is_refused(template: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        render_name(template, CHECK)
    assert refused.value.message == (
        f"The test list name '{template}' gives an empty name. Write the name that the test list has in QATrack+."
    )


@given(st.text(alphabet="ab{}%#_.[]()'|* \n", max_size=30))
def test_any_text_gives_a_name_or_a_refusal(template: str) -> None:
    with contextlib.suppress(ConfigurationError):
        assert render_name(template, CHECK).strip()
