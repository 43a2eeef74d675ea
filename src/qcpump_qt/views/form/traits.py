"""What an editor has to know of its field, read from the form's model in one go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

from qcpump_qt.models.form_roles import ChoicesState, Editor, FormRole

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex

    from qcpump_qt.models.form_model import FormModel


@dataclass(frozen=True, kw_only=True)
class FieldTraits:
    """One field as it stands now; two are equal when a view would draw the same.

    Args:
        section: the name of its section.
        row: which sub-section, from 0.
        name: its name in the section.
        editor: the family of editor that it wants.
        label: what people see.
        help: a sentence or two.
        value: text, True or False, a number, or None for a blank number.
        minimum: smallest allowed number, or None.
        maximum: largest allowed number, or None.
        unit: what a number counts, such as ``min``.
        choices: what can be chosen.
        choices_state: whether live choices were asked for.
        choices_message: why they could not be had.
        problem: what is wrong with the value, as a sentence.
        required: it must not be blank.
        changed: it differs from what is saved.
        kept: a secret that stands in the keyring.
    """

    section: str
    row: int
    name: str
    editor: Editor
    label: str
    help: str = ""
    value: Any = None
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    choices: tuple[str, ...] = ()
    choices_state: ChoicesState = ChoicesState.STATIC
    choices_message: str = ""
    problem: str = ""
    required: bool = False
    changed: bool = False
    kept: bool = False

    @property
    def title(self) -> str:
        """The label, with a star where the field can be blank and must not be."""
        return f"{self.label} *" if self.may_not_be_blank else self.label

    @property
    def may_not_be_blank(self) -> bool:
        """True for a required field; yes and no, and what people only look at, are never blank."""
        return self.required and self.editor not in (Editor.CHECK, Editor.SHOWN)

    @property
    def suffix(self) -> str:
        """The unit to show behind the number; nothing where the label ends with it already."""
        return "" if self.label.endswith(f"({self.unit})") else self.unit

    @property
    def object_name(self) -> str:
        """A name for tests and for assistive tools, such as ``Unit/0/unit name``."""
        return f"{self.section}/{self.row}/{self.name}"


def traits_of(model: FormModel, index: QModelIndex) -> FieldTraits:
    """The field at this index of the model."""

    def role(which: FormRole) -> Any:
        return model.data(index, which)

    return FieldTraits(
        section=role(FormRole.SECTION),
        row=role(FormRole.ROW_NUMBER),
        name=role(FormRole.NAME),
        editor=role(FormRole.EDITOR),
        label=role(FormRole.LABEL),
        help=role(FormRole.HELP) or "",
        value=model.data(index, Qt.ItemDataRole.EditRole),
        minimum=role(FormRole.MINIMUM),
        maximum=role(FormRole.MAXIMUM),
        unit=role(FormRole.UNIT) or "",
        choices=tuple(role(FormRole.CHOICES) or ()),
        choices_state=role(FormRole.CHOICES_STATE) or ChoicesState.STATIC,
        choices_message=role(FormRole.CHOICES_MESSAGE) or "",
        problem=role(FormRole.PROBLEM) or "",
        required=bool(role(FormRole.REQUIRED)),
        changed=bool(role(FormRole.CHANGED)),
        kept=bool(role(FormRole.KEPT)),
    )
