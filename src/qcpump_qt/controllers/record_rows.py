"""Turns what the ledger and a preview tell of records into the plain rows that models show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcpump_qt.engine.records import DeliveryState, Sighting
from qcpump_qt.models.record_words import TO_SEND
from qcpump_qt.models.rows import RecordDetail, RecordRow

if TYPE_CHECKING:
    from qcpump_qt.engine.ledger.browse import RecordLine
    from qcpump_qt.engine.preview import Preview, PreviewRecord


def row_of(record: RecordLine | Sighting) -> RecordRow:
    """One record of the ledger as a row."""
    waits = record.state is DeliveryState.WAITING and record.waiting_for.trouble
    return RecordRow(
        number=record.number,
        title=record.title,
        key=record.key,
        state=record.state.value,
        reason=record.reason,
        unit=record.unit,
        test_list=record.test_list,
        first_seen=record.first_seen,
        updated=record.updated,
        attempts=record.attempts,
        url=record.url,
        trouble=waits or record.state is DeliveryState.REJECTED,
    )


def detail_of(record: Sighting) -> RecordDetail:
    """All that the ledger keeps of one record."""
    return RecordDetail(
        row=row_of(record), payload=record.payload, answer=record.answer, source=record.source
    )


def previewed(preview: Preview) -> list[RecordDetail]:
    """What a preview would do with each record; those that would be sent come first."""
    details = [_previewed(record) for record in preview.records]
    return sorted(details, key=lambda detail: detail.row.state != TO_SEND)


def _previewed(record: PreviewRecord) -> RecordDetail:
    row = RecordRow(
        number=0,
        title=record.title,
        key=record.key,
        state=record.fate,
        reason=record.reason,
        unit=record.unit,
        test_list=record.test_list,
        trouble=record.fate == DeliveryState.REJECTED.value,
    )
    return RecordDetail(row=row, payload=record.payload)
