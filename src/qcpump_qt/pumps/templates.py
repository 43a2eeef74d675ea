"""Test list names made from templates, in a sandbox: a template can read its variables and do nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qcpump_qt.engine.errors import ConfigurationError

FILTERS = (
    *("capitalize", "default", "d", "first", "float", "int", "last", "length", "lower", "replace", "round"),
    *("string", "title", "trim", "upper"),
)
"""What a name may need of Jinja2's filters; others can make a text of any length from a short one."""
METHODS = (
    "capitalize",
    "endswith",
    "lower",
    "lstrip",
    "replace",
    "rstrip",
    "split",
    "startswith",
    "strip",
    "title",
    "upper",
)
"""The same of what can be called."""


def render_name(template: str, variables: Mapping[str, str]) -> str:
    """The name that a template gives.

    Args:
        template: Jinja2 text, such as ``MPC: {{ check_type }}`` (manual, *MPC QCPump Configuration Options*).
        variables: what it may use.

    Returns:
        the name without spaces around it.

    Raises:
        ConfigurationError: it is no template, uses an unknown variable, does something that is not
            allowed, or gives an empty name.
    """
    from jinja2 import StrictUndefined, TemplateError  # noqa: PLC0415 - only where it is used
    from jinja2.exceptions import SecurityError  # noqa: PLC0415
    from jinja2.sandbox import SandboxedEnvironment  # noqa: PLC0415

    class NamesOnly(SandboxedEnvironment):
        """Refuses also what would only fill the memory or take for ever."""

        intercepted_binops = frozenset(("*", "**", "%"))

        def call_binop(self, context: object, operator: str, left: object, right: object) -> object:  # noqa: ARG002
            raise SecurityError(f"{operator} is not allowed in a name")

        def call(self, *args: Any, **kwargs: Any) -> Any:
            _context, called = args[:2]
            name = getattr(called, "__name__", "this")
            if name not in METHODS:
                raise SecurityError(f"{name}() is not allowed in a name")
            return super().call(*args, **kwargs)

    environment = NamesOnly(undefined=StrictUndefined, autoescape=False)
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    try:
        name = environment.from_string(template).render(variables).strip()
    except (
        TemplateError,
        TypeError,
        ValueError,
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
    ) as error:
        known = ", ".join(f"{{{{ {variable} }}}}" for variable in sorted(variables))
        raise ConfigurationError(
            f"The test list name '{template}' cannot be used as a template ({error}). It may contain {known}.",
            subject="Test List",
        ) from error
    if not name:
        raise ConfigurationError(
            f"The test list name '{template}' gives an empty name. Write the name that the test list has in QATrack+.",
            subject="Test List",
        )
    return name
