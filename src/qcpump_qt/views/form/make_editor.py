"""Chooses the editor for a field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcpump_qt.models.form_roles import Editor
from qcpump_qt.views.form.check_editor import CheckEditor
from qcpump_qt.views.form.choice_editor import ChoiceEditor
from qcpump_qt.views.form.number_editor import NumberEditor
from qcpump_qt.views.form.path_editor import PathEditor
from qcpump_qt.views.form.secret_editor import SecretEditor
from qcpump_qt.views.form.shown_editor import ShownEditor
from qcpump_qt.views.form.text_editor import TextEditor

if TYPE_CHECKING:
    from qcpump_qt.views.form.editor import FieldEditor
    from qcpump_qt.views.form.traits import FieldTraits

_EDITORS: dict[Editor, type[FieldEditor]] = {
    Editor.TEXT: TextEditor,
    Editor.CHECK: CheckEditor,
    Editor.WHOLE: NumberEditor,
    Editor.NUMBER: NumberEditor,
    Editor.CHOICE: ChoiceEditor,
    Editor.FOLDER: PathEditor,
    Editor.FILE: PathEditor,
    Editor.SECRET: SecretEditor,
    Editor.SHOWN: ShownEditor,
}


def make_editor(traits: FieldTraits) -> FieldEditor:
    """A new editor of the family that the field wants."""
    return _EDITORS[traits.editor](traits)
