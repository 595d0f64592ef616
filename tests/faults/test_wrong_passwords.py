"""Wrong passwords: the wait outlives the process, a restart of the machine and every wall clock, and the log tells."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.domain.events import EventKind
from app.services.vaults import VaultService
from app.store.errors import TooSoonError, WrongPasswordError
from app.store.slot_attempts import Attempts, Moment
from tests.support.desks import START_MS, TemporaryDesk
from tests.support.vaults import PASSWORD

REPOSITORY = Path(__file__).resolve().parents[2]
YEAR_MS = 365 * 86_400_000
LOCKED = 4


@dataclass
class Machine:
    """What nobody can set, until the machine is started again."""

    boot: str = "first"
    ms: int = 1_000_000

    def __call__(self) -> Moment:
        return Moment(self.boot, self.ms)


@pytest.fixture
def vault_dir(tmp_path: Path) -> Path:
    return TemporaryDesk(tmp_path).store.directory


def verify(vault_dir: Path, password: str) -> tuple[int, str]:
    """Try a password in a process of its own; return its exit code and what it said."""
    secret = vault_dir.parent / "password"
    secret.write_text(f"{password}\n")
    secret.chmod(0o600)
    command = ["vault", "verify", "--vault", str(vault_dir), "--password-file", str(secret), "--json"]
    ended = subprocess.run(
        [sys.executable, "-m", "app", *command],
        cwd=REPOSITORY,
        env={"PATH": os.environ["PATH"], "HOME": str(vault_dir.parent)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return ended.returncode, ended.stderr


def fail(service: VaultService, vault_dir: Path, times: int) -> None:
    for _ in range(times):
        with pytest.raises(WrongPasswordError):
            service.unlock(vault_dir, "not the right words at all")


def test_each_process_waits_for_what_another_one_got_wrong(vault_dir: Path) -> None:
    assert verify(vault_dir, "not the right words at all")[0] == LOCKED
    attempts = Attempts(vault_dir)
    (who,) = attempts.untold()
    for _ in range(8):  # enough for five minutes; a slow machine takes longer than the first waits to start a process
        attempts.note_failure(who)
    code, said = verify(vault_dir, PASSWORD)
    assert code == LOCKED, "the right password was tried at once"
    assert "Too many wrong passwords" in said


def test_no_wall_clock_ends_or_lengthens_the_wait(vault_dir: Path) -> None:
    machine = Machine()
    fail(VaultService(lambda: START_MS, machine), vault_dir, 3)
    for moved_ms in (START_MS - YEAR_MS, START_MS + YEAR_MS):
        with pytest.raises(TooSoonError) as caught:
            VaultService(lambda moved=moved_ms: moved, machine).unlock(vault_dir, PASSWORD)
        assert caught.value.left_ms == 5_000
    machine.ms += 5_000
    VaultService(lambda: START_MS - YEAR_MS, machine).unlock(vault_dir, PASSWORD).close()


def test_another_start_of_the_machine_begins_the_wait_anew(vault_dir: Path) -> None:
    machine = Machine()
    fail(VaultService(now=machine), vault_dir, 3)
    machine.boot, machine.ms = "second", 1_000
    with pytest.raises(TooSoonError):
        VaultService(now=machine).unlock(vault_dir, PASSWORD)
    machine.ms = 5_000
    desk = VaultService(now=machine).unlock(vault_dir, PASSWORD)
    kinds = [entry.event.kind for entry in desk.ledger.log.read_after(0, 100)]
    desk.close()
    assert EventKind.SIGN_IN_REFUSED in kinds


def test_what_was_got_wrong_costs_no_key_and_changes_no_file_but_one(vault_dir: Path) -> None:
    before = {path.name: path.read_bytes() for path in vault_dir.iterdir()}
    fail(VaultService(now=Machine()), vault_dir, 2)
    after = {path.name: path.read_bytes() for path in vault_dir.iterdir()}
    assert {name for name in after if after[name] != before.get(name)} == {"attempts.json"}
