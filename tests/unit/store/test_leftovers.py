"""What a dead process left behind goes at the next opening; what somebody builds stays."""

from pathlib import Path

from app.store.leftovers import building, sweep_beside, sweep_files, sweep_folders
from tests.support.people import open_as
from tests.support.vaults import TemporaryStore

DIGITS = "00112233aabbccdd"


def test_halves_of_files_go_and_everything_else_stays(tmp_path: Path) -> None:
    for name in (f".slots.json.{DIGITS}", f".keyring.a.{DIGITS}", f".hunt-{DIGITS}"):
        (tmp_path / name).touch()
    kept = {"slots.json", ".slots.json", f"slots.json.{DIGITS}", f".hidden{DIGITS}", ".slots.json.0011"}
    for name in kept:
        (tmp_path / name).touch()
    (tmp_path / f".folder.x.{DIGITS}").mkdir()
    assert sweep_files(tmp_path) == 3
    assert {path.name for path in tmp_path.iterdir()} == kept | {f".folder.x.{DIGITS}"}
    assert sweep_files(tmp_path / "nowhere") == 0


def test_half_a_vault_goes_unless_somebody_is_building_it(tmp_path: Path) -> None:
    stale, built = tmp_path / f".vault.restoring-{DIGITS}", tmp_path / ".vault.restoring-ffff"
    for folder in (stale, built, tmp_path / f".vault.new-{DIGITS}", tmp_path / f".other.restoring-{DIGITS}"):
        (folder / "deep").mkdir(parents=True)
    with building(built):
        assert sweep_beside(tmp_path / "vault") == 2
        assert {path.name for path in tmp_path.iterdir()} == {built.name, f".other.restoring-{DIGITS}"}
    assert sweep_beside(tmp_path / "vault") == 1


def test_a_link_to_a_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / ".vault.new-1"
    link.symlink_to(tmp_path / "real")
    assert sweep_folders([link]) == 0
    assert (tmp_path / "real").is_dir()


def test_opening_a_vault_takes_away_what_a_dead_process_left(tmp_path: Path) -> None:
    store = TemporaryStore(tmp_path)
    (store.directory / f".keyring.a.{DIGITS}").write_bytes(b"old keys")
    (tmp_path / f".vault.restoring-{DIGITS}").mkdir()
    open_as(store.directory, store.unlocked.person.person_id, store.unlocked.seed).close()
    assert not list(store.directory.glob(".*"))
    assert not list(tmp_path.glob(".*"))
