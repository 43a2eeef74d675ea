"""Keys as QCPump 0.3 made them, byte for byte, and better ones where they would be two results' key."""

from __future__ import annotations

from datetime import datetime

from qcpump_qt.pumps.dqa3.keys import better_key, group_key, one_beam_key, read_group_key
from qcpump_qt.sources.dqa3.measurements import Sight

TIME = datetime.fromisoformat("2021-03-31 01:23:34")


def sight(key: str = "17", time: datetime = TIME, beam: str = "6 MV") -> Sight:
    return Sight("5", time, key, beam)


def test_the_key_of_a_single_beam() -> None:
    assert one_beam_key(sight()) == "QCPump/DQA3/5/2021-03-31 01:23:34/17"
    precise = sight(time=TIME.replace(microsecond=120))
    assert one_beam_key(precise) == "QCPump/DQA3/5/2021-03-31 01:23:34.000120/17"


def test_the_key_of_a_group() -> None:
    assert group_key([sight("17"), sight("18")]) == "QCPump/DQA3/5/2021-03-31-01-23/17/18"


def test_a_long_key_is_cut() -> None:
    key = group_key([sight(f"{number:036}") for number in range(10)])
    assert len(key) == 255
    read = read_group_key(key)
    assert read is not None
    assert (read.machine_id, read.start, len(read.data_keys), read.whole) == (
        "5",
        TIME.replace(second=0),
        6,
        False,
    )
    assert f"{6:036}".startswith(read.cut)


def test_a_better_key_tells_two_groups_apart_and_can_be_read() -> None:
    first, second = [sight(beam="6 MV")], [sight(beam="9 MeV")]
    assert group_key(first) == group_key(second)
    keys = {better_key(group_key(each), each) for each in (first, second)}
    assert len(keys) == 2
    for key in keys:
        read = read_group_key(key)
        assert read is not None
        assert (read.machine_id, read.whole) == ("5", False)
    assert len(better_key("x" * 255, first)) == 255


def test_other_keys_are_no_groups() -> None:
    for text in ("", "by hand", one_beam_key(sight()), "QCPump/DQA3/5/2021-99-31-01-23/17"):
        assert read_group_key(text) is None
