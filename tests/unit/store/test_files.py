"""Small files: old or new after a crash, never half; folders that others cannot enter."""

import os
import stat
from pathlib import Path

import pytest

from app.store.errors import DiskFailedError, DiskFullError, VaultDamagedError, VaultExposedError, VaultMissingError
from app.store.files import (
    create_file,
    disk_errors,
    make_private_folder,
    overwrite,
    read_bounded,
    replace_file,
    require_private_folder,
)
from tests.support.small_disk import files_at_most


def test_a_replaced_file_holds_the_new_bytes_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "slots.json"
    create_file(path, b"old")
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_when_the_disk_is_full_the_old_file_stays_and_the_new_one_is_swept_away(tmp_path: Path) -> None:
    path = tmp_path / "slots.json"
    create_file(path, b"old")
    with files_at_most(1000), pytest.raises(DiskFullError):
        replace_file(path, bytes(5000))
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_is_never_created_over_another(tmp_path: Path) -> None:
    path = tmp_path / "slots.json"
    create_file(path, b"first")
    with pytest.raises(FileExistsError):
        create_file(path, b"second")
    assert path.read_bytes() == b"first"


def test_overwriting_cuts_what_a_torn_write_left_behind(tmp_path: Path) -> None:
    path = tmp_path / "ring"
    create_file(path, b"good" + b"torn rubbish")
    overwrite(path, b"next", 4)
    assert path.read_bytes() == b"goodnext"


def test_a_longer_file_than_allowed_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big"
    path.write_bytes(bytes(101))
    with pytest.raises(VaultDamagedError):
        read_bounded(path, 100)
    assert len(read_bounded(path, 101)) == 101


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.write_bytes(b"x")
    (tmp_path / "slots.json").symlink_to(target)
    with pytest.raises(OSError, match="symbolic"):
        read_bounded(tmp_path / "slots.json", 100)


def test_a_pipe_in_place_of_a_file_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "slots.json")
    assert read_bounded(tmp_path / "slots.json", 100) == b""


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o277])
def test_a_made_folder_is_private_whatever_the_mask(tmp_path: Path, mask: int) -> None:
    old = os.umask(mask)
    try:
        make_private_folder(tmp_path / "data" / "vault")
    finally:
        os.umask(old)
    for folder in (tmp_path / "data", tmp_path / "data" / "vault"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    require_private_folder(tmp_path / "data" / "vault")


@pytest.mark.parametrize("mode", [0o701, 0o710, 0o750, 0o755, 0o777])
def test_a_folder_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "vault"
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(VaultExposedError):
        require_private_folder(folder)


def test_a_link_to_a_folder_is_refused(tmp_path: Path) -> None:
    make_private_folder(tmp_path / "real")
    (tmp_path / "vault").symlink_to(tmp_path / "real")
    with pytest.raises(VaultExposedError):
        require_private_folder(tmp_path / "vault")


def test_a_missing_folder_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(VaultMissingError):
        require_private_folder(tmp_path / "vault")


@pytest.mark.parametrize(
    ("number", "meaning"),
    [(28, DiskFullError), (122, DiskFullError), (27, DiskFullError), (5, DiskFailedError), (30, DiskFailedError)],
)
def test_what_the_kernel_says_about_the_disk_has_one_meaning(number: int, meaning: type[Exception]) -> None:
    with pytest.raises(meaning), disk_errors():
        raise OSError(number, os.strerror(number))


def test_other_errors_pass_as_they_are() -> None:
    with pytest.raises(PermissionError), disk_errors():
        raise PermissionError(13, "Permission denied")
