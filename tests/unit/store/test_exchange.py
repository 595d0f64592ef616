"""Two names change what they stand for in one step, or in several where the file system cannot."""

from pathlib import Path

import pytest

from app.store.backup import restoring
from app.store.files import exchange


def folder(path: Path, word: str) -> Path:
    path.mkdir()
    (path / "word").write_text(word)
    return path


def word_in(path: Path) -> str:
    return (path / "word").read_text()


def test_two_folders_change_names(tmp_path: Path) -> None:
    one, other = folder(tmp_path / "one", "first"), folder(tmp_path / "other", "second")
    if not exchange(one, other):
        pytest.skip("this file system cannot exchange two names")
    assert (word_in(one), word_in(other)) == ("second", "first")


def test_what_is_not_there_is_not_exchanged(tmp_path: Path) -> None:
    one = folder(tmp_path / "one", "first")
    with pytest.raises(FileNotFoundError):
        exchange(one, tmp_path / "nowhere")
    assert word_in(one) == "first"


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_restored_folder_takes_the_name_and_the_old_one_stands_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_exchange: bool
) -> None:
    if not can_exchange:  # as NFS and FAT answer
        monkeypatch.setattr(restoring, "exchange", lambda _one, _other: False)
    new, target = folder(tmp_path / ".vault.restoring-1", "restored"), folder(tmp_path / "vault", "old")
    aside = tmp_path / "vault.before-restore-7"
    restoring._change_places(new, target, aside)
    assert (word_in(target), word_in(aside)) == ("restored", "old")
    assert not new.exists()
