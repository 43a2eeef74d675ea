from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qcpump_qt.engine import files
from qcpump_qt.engine.errors import ConfigurationError, SecretError
from qcpump_qt.engine.logs import Redactor
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.pump_secrets import Place
from qcpump_qt.engine.secrets import MemorySecrets
from qcpump_qt.engine.store import KeptSecret, PumpStore, StoredPump

CANARY = "canary-4711-ünd"
API = "QATrack+ API"


class Refusing(MemorySecrets):
    """Refuses to set or delete the names that are told, as a keyring that was locked meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: set[str] = set()
        self.broken = False

    def _look(self, name: str) -> None:
        if self.broken or any(part in name for part in self.refused):
            raise SecretError("The keyring of this system is locked.")

    def get(self, name: str) -> str | None:
        if self.broken:
            raise SecretError("The keyring of this system is locked.")
        return super().get(name)

    def set(self, name: str, value: str) -> None:
        self._look(name)
        super().set(name, value)

    def delete(self, name: str) -> None:
        self._look(name)
        super().delete(name)

    def all(self) -> dict[str, str]:
        return dict(self._values)


@pytest.fixture
def secrets() -> Refusing:
    return Refusing()


@pytest.fixture
def home(tmp_path: Path) -> Places:
    return Places(tmp_path / "home")


@pytest.fixture
def redactor() -> Redactor:
    return Redactor()


@pytest.fixture
def store(home: Places, secrets: Refusing, redactor: Redactor) -> PumpStore:
    return PumpStore(home, secrets, redactor)


def on_disk(home: Places) -> str:
    return "\n".join(
        path.read_bytes().decode("utf-8", errors="replace") for path in home.root.rglob("*") if path.is_file()
    )


def values_on_disk(store: PumpStore, pump: StoredPump) -> Any:
    return json.loads((store.folder_of(pump.id) / "config.json").read_text(encoding="utf-8"))["values"]


def test_what_is_secret_goes_to_the_keyring_and_not_to_the_disk(
    store: PumpStore, home: Places, secrets: Refusing, redactor: Redactor
) -> None:
    values: dict[str, list[dict[str, Any]]] = {
        API: [
            {
                "auth token": CANARY,
                "api url": "https://qa/api",
                "http proxy": f"http://u:{CANARY}@p:1",
                "n": 1,
            }
        ],
        "Own": [{"key": CANARY, "password": ""}, {"key": CANARY + "2", "password": 4711}],
    }
    pump = store.add("TB", "T", values, {("Own", "key")})
    assert CANARY not in on_disk(home)
    mark = {"secret": True}
    assert values_on_disk(store, pump) == {
        API: [{"auth token": mark, "api url": "https://qa/api", "http proxy": mark, "n": 1}],
        "Own": [{"key": mark, "password": ""}, {"key": mark, "password": mark}],
    }
    assert secrets.all() == {
        f"{pump.id}/QATrack+ API/0/auth token": CANARY,
        f"{pump.id}/QATrack+ API/0/http proxy": f"http://u:{CANARY}@p:1",
        f"{pump.id}/Own/0/key": CANARY,
        f"{pump.id}/Own/1/key": CANARY + "2",
        f"{pump.id}/Own/1/password": "4711",
    }
    assert CANARY not in repr(pump)
    assert redactor.redact(f"token {CANARY}") == "token ***"
    (loaded,), _ = store.load_all()
    expected = json.loads(json.dumps(values))
    expected["Own"][1]["password"] = "4711"
    assert store.with_secrets(loaded) == expected


def test_reading_secrets_makes_them_known_to_the_logs(
    home: Places, secrets: Refusing, store: PumpStore
) -> None:
    pump = store.add("TB", "T", {API: [{"auth token": CANARY}]})
    fresh = Redactor()
    PumpStore(home, secrets, fresh).with_secrets(pump)
    assert fresh.redact(CANARY) == "***"


@pytest.mark.parametrize("value", [True, False, None, ""])
def test_what_cannot_be_a_secret_stays(store: PumpStore, secrets: Refusing, value: object) -> None:
    pump = store.add("TB", "T", {"S": [{"password": value, "key": value}]}, {("S", "key")})
    assert values_on_disk(store, pump) == {"S": [{"password": value, "key": value}]}
    assert secrets.all() == {}


def test_saving_keeps_changes_and_drops_secrets(store: PumpStore, secrets: Refusing) -> None:
    pump = store.add("TB", "T", {API: [{"auth token": CANARY, "password": "old"}]})
    kept = pump.values[API][0]["auth token"]
    saved = store.save(pump.changed(values={API: [{"auth token": kept, "password": "new-one"}]}))
    assert store.with_secrets(saved) == {API: [{"auth token": CANARY, "password": "new-one"}]}
    cleared = store.save(saved.changed(values={API: [{"auth token": "", "password": {"secret": True}}]}))
    assert secrets.all() == {f"{pump.id}/{API}/0/password": "new-one"}
    assert store.with_secrets(cleared) == {API: [{"auth token": "", "password": "new-one"}]}


def test_a_secret_moves_with_its_sub_section(store: PumpStore, secrets: Refusing) -> None:
    rows = [{"password": f"secret {number}"} for number in range(3)]
    pump = store.add("TB", "T", {"Share": rows})
    first, _, third = pump.values["Share"]
    saved = store.save(pump.changed(values={"Share": [third, first]}))
    assert store.with_secrets(saved) == {"Share": [{"password": "secret 2"}, {"password": "secret 0"}]}
    assert secrets.all() == {
        f"{pump.id}/Share/0/password": "secret 2",
        f"{pump.id}/Share/1/password": "secret 0",
    }


def test_a_missing_secret_that_moves_does_not_become_anothers(store: PumpStore, secrets: Refusing) -> None:
    pump = store.add("TB", "T", {"Share": [{"password": "of the first"}, {"password": "of the second"}]})
    secrets.delete(f"{pump.id}/Share/1/password")
    saved = store.save(pump.changed(values={"Share": pump.values["Share"][1:]}))
    with pytest.raises(SecretError, match="has no secret"):
        store.with_secrets(saved)


def test_a_missing_secret_is_told_with_what_to_type(store: PumpStore, secrets: Refusing) -> None:
    pump = store.add("TB", "T", {API: [{"auth token": CANARY}], "Share": [{}, {"password": CANARY}]})
    for name in secrets.all():
        secrets.delete(name)
    with pytest.raises(SecretError) as caught:
        store.with_secrets(pump)
    assert caught.value.message == (
        "The keyring of this user on this computer has no secret for the pump 'TB': "
        "section QATrack+ API, field auth token; section Share (sub-section 2), field password. "
        "Type it into the pump's configuration, or run:\n"
        'qcpump-qt secret set "TB" "QATrack+ API" "auth token"\n'
        'qcpump-qt secret set "TB" "Share" "password" --subsection 2'
    )
    assert caught.value.title == "Secret is missing"


def test_a_secret_can_be_set_alone(store: PumpStore, home: Places) -> None:
    pump = store.add("TB", "T", {API: [{"n": 1}], "Share": [{}, {"password": "x"}]})
    pump = store.set_secret(pump, API, "plainly named", CANARY)
    pump = store.set_secret(pump, "Share", "password", "other", index=1)
    assert CANARY not in on_disk(home)
    assert store.with_secrets(pump) == {
        API: [{"n": 1, "plainly named": CANARY}],
        "Share": [{}, {"password": "other"}],
    }
    with pytest.raises(
        ConfigurationError, match=r"has no section 'Nix' with a sub-section 1. Its sections are: QATr"
    ):
        store.set_secret(pump, "Nix", "a", "b")
    with pytest.raises(ConfigurationError, match="has no section 'Share' with a sub-section 3"):
        store.set_secret(pump, "Share", "password", "b", index=2)


@pytest.mark.parametrize("refused", ["auth token", "password"])
def test_when_the_keyring_refuses_nothing_is_added(
    store: PumpStore, home: Places, secrets: Refusing, refused: str
) -> None:
    secrets.refused = {refused}
    with pytest.raises(SecretError, match="is locked"):
        store.add("TB", "T", {API: [{"auth token": CANARY, "password": "other"}]})
    assert store.load_all() == ([], [])
    assert list(home.pumps.iterdir()) == []
    secrets.refused = set()
    assert not [name for name in secrets.all() if refused in name]


def test_when_the_keyring_refuses_the_former_stays(store: PumpStore, secrets: Refusing) -> None:
    pump = store.add("TB", "T", {API: [{"auth token": "first", "password": "first"}]})
    secrets.refused = {"password"}
    with pytest.raises(SecretError):
        store.save(pump.changed(name="New", values={API: [{"auth token": "second", "password": "second"}]}))
    secrets.refused = set()
    assert store.load_all() == ([pump], [])
    assert store.with_secrets(pump) == {API: [{"auth token": "first", "password": "first"}]}


def test_when_the_disk_refuses_the_keyring_is_as_before(
    store: PumpStore, secrets: Refusing, monkeypatch: pytest.MonkeyPatch
) -> None:
    pump = store.add("TB", "T", {API: [{"auth token": "first"}]})

    def full(path: Path, data: str) -> None:
        raise ConfigurationError("the disk is full.")

    monkeypatch.setattr(files, "write_atomically", full)
    with pytest.raises(ConfigurationError, match="full"):
        store.save(pump.changed(values={API: [{"auth token": "second", "password": "new"}]}))
    with pytest.raises(ConfigurationError, match="full"):
        store.add("Other", "T", {API: [{"auth token": "third"}]})
    assert secrets.all() == {f"{pump.id}/{API}/0/auth token": "first"}


def test_deleting_forgets_the_secrets(store: PumpStore, secrets: Refusing) -> None:
    pump, other = (store.add(name, "T", {API: [{"auth token": name}]}) for name in "AB")
    store.delete(pump)
    assert secrets.all() == {f"{other.id}/{API}/0/auth token": "B"}


def test_a_locked_keyring_does_not_keep_a_pump_alive(store: PumpStore, secrets: Refusing) -> None:
    pump = store.add("TB", "T", {API: [{"auth token": CANARY, "password": "x1234"}]})
    secrets.refused = {"password"}
    with pytest.raises(SecretError) as caught:
        store.delete(pump)
    assert caught.value.message == (
        "The pump 'TB' was deleted, but these secrets of it are still in the keyring: "
        f"{pump.id}/{API}/0/password. The keyring of this system is locked."
    )
    assert store.load_all() == ([], [])


def test_a_locked_keyring_is_told_when_an_old_secret_stays(store: PumpStore, secrets: Refusing) -> None:
    pump = store.add("TB", "T", {API: [{"auth token": CANARY}]})
    secrets.refused = {"auth token"}
    with pytest.raises(
        SecretError, match="The pump 'TB' was saved, but these secrets of it are still in the keyring"
    ):
        store.save(pump.changed(values={API: [{"auth token": ""}]}))
    assert values_on_disk(store, pump) == {API: [{"auth token": ""}]}


def test_pumps_load_and_save_without_a_keyring(store: PumpStore, secrets: Refusing) -> None:
    """The window can show and change everything else while the keyring is locked."""
    store.add("TB", "T", {API: [{"auth token": CANARY, "n": 1}]})
    secrets.broken = True
    (loaded,), _ = store.load_all()
    saved = store.rename(loaded, "New")
    assert isinstance(saved.values[API][0]["auth token"], KeptSecret)
    with pytest.raises(SecretError, match="locked"):
        store.with_secrets(saved)
    secrets.broken = False
    assert store.with_secrets(saved)[API][0]["auth token"] == CANARY


def test_only_missing_secrets_are_filled_in(store: PumpStore, secrets: Refusing) -> None:
    pump = store.add("TB", "T", {API: [{"auth token": "mine", "password": "mine2", "n": 1}]})
    secrets.delete(f"{pump.id}/{API}/0/password")
    offered: dict[str, list[dict[str, Any]]] = {
        API: [{"auth token": "theirs", "password": CANARY, "n": 2, "secret": "new"}],
        "Else": [{"a": "b"}],
    }
    assert store.fill_missing_secrets(pump, offered) == [Place(API, 0, "password")]
    assert store.with_secrets(pump) == {API: [{"auth token": "mine", "password": CANARY, "n": 1}]}
    assert store.fill_missing_secrets(pump, {API: [{"auth token": "theirs", "password": ""}]}) == []


def test_the_keyring_can_be_checked_through_the_store(store: PumpStore) -> None:
    store.check_secrets()
