"""What stands below a field in words, apart from what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcpump_qt.models.form_roles import ChoicesState, Editor

if TYPE_CHECKING:
    from qcpump_qt.views.form.traits import FieldTraits

NOT_ASKED = "The choices are fetched once the sections that they come from are in order."
ASKING = "Asking what can be chosen…"
NOTHING = "There is nothing to choose from."
NOT_OFFERED = "The saved choice is not offered now. It stays until you choose another one."
REMOVED = "The value in the keyring is removed when you save."


def note_on(traits: FieldTraits) -> str:
    """A sentence about the field's present state; "" when there is nothing to tell."""
    if traits.editor is Editor.CHOICE:
        return _on_choices(traits)
    cleared = traits.changed and not traits.kept and not traits.value
    return REMOVED if traits.editor is Editor.SECRET and cleared else ""


def limits_of(traits: FieldTraits) -> str:
    """What a number may be, as a sentence; "" without limits."""
    low, high = traits.minimum, traits.maximum
    unit = f" {traits.unit}" if traits.unit else ""
    if low is not None and high is not None:
        return f"From {_plain(low)} to {_plain(high)}{unit}."
    if low is not None:
        return f"At least {_plain(low)}{unit}."
    return f"At most {_plain(high)}{unit}." if high is not None else ""


def help_on(traits: FieldTraits) -> str:
    """The help of a field: what it is for, what it may be, and whether it may be left blank; a line each."""
    blank = "It must not be blank." if traits.may_not_be_blank else ""
    return "\n".join(part for part in (traits.help, limits_of(traits), blank) if part)


def _on_choices(traits: FieldTraits) -> str:
    if traits.choices_state is ChoicesState.ASKING:
        return ASKING
    if traits.choices_state is ChoicesState.FAILED:
        return traits.choices_message
    if traits.choices_state is ChoicesState.NOT_ASKED:
        return NOT_ASKED
    if traits.value not in (None, "", *traits.choices):
        return NOT_OFFERED
    return "" if traits.choices else NOTHING


def _plain(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else str(number)
