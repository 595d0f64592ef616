"""The hunt finds what is there, in every form, across the edges of what is read at once, and says when it is blind."""

import os
from pathlib import Path

import pytest

from app.services.erasing import plaintext_hunt
from app.services.erasing.plaintext_hunt import Hunted, HuntPlace, hunt, places_of

KEY = bytes(range(7, 39))
WORDS = "the pewter heron sleeps"
HUNTED = Hunted((WORDS, "Åsa Öberg"), (KEY,))
FORMS = {
    "utf-8": WORDS.encode(),
    "upper case": WORDS.upper().encode(),
    "utf-16": WORDS.encode("utf-16"),
    "utf-16-be": WORDS.encode("utf-16-be"),
    "name": "Åsa Öberg".encode(),
    "name in utf-16": "Åsa Öberg".encode("utf-16-le"),
    "name in lower case": "åsa öberg".encode(),
    "name escaped": b"\\xc5sa \\xd6berg",
    "key": KEY,
    "key in digits": KEY.hex().encode(),
    "key in upper digits": KEY.hex().upper().encode(),
}


def search(folder: Path, hunted: Hunted = HUNTED) -> plaintext_hunt.HuntReport:
    return hunt(hunted, (HuntPlace("data", folder),))


@pytest.mark.parametrize("form", FORMS)
def test_a_planted_copy_is_found_in_every_form(tmp_path: Path, form: str) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(os.urandom(5000) + FORMS[form] + os.urandom(5000))
    report = search(tmp_path)
    assert [hit.path.name for hit in report.hits] == ["file"]
    assert report.places[0].hits == 1
    assert not report.is_clean


def test_nothing_is_found_where_nothing_is_and_the_control_says_that_the_hunt_works(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(os.urandom(50_000))
    report = search(tmp_path)
    assert report.is_clean
    assert report.places[0].is_control_found
    assert (report.places[0].files, report.places[0].bytes_read) == (1, 50_000)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("shift", [-50, -20, -1, 0, 1])
def test_a_copy_across_the_edge_of_two_chunks_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shift: int
) -> None:
    monkeypatch.setattr(plaintext_hunt, "CHUNK_BYTES", 4096)
    form = WORDS.encode("utf-16-le")
    (tmp_path / "file").write_bytes(b"\xff" * (4096 + shift) + form + b"\xff" * 9000)
    assert len(search(tmp_path).hits) == 1


def test_a_hunt_that_is_blind_is_not_clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plaintext_hunt, "_holds", lambda *_: False)
    report = search(tmp_path)
    assert not report.places[0].is_control_found
    assert not report.is_clean


def test_a_hunt_for_nothing_proves_nothing(tmp_path: Path) -> None:
    assert not search(tmp_path, Hunted((), ())).is_clean
    assert not hunt(HUNTED, (HuntPlace("backup", tmp_path / "absent"),)).is_clean


def test_links_and_models_are_left_out_and_counted(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(WORDS.encode())
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "link").symlink_to(outside)
    (folder / "starter.gguf").write_bytes(WORDS.encode())
    report = search(folder)
    assert report.is_clean
    assert report.places[0].left_out == 2


def test_what_is_hunted_is_hidden(tmp_path: Path) -> None:
    (tmp_path / "Ada Quill.txt").write_bytes(WORDS.encode())
    assert "heron" not in repr(HUNTED)
    assert "Quill" not in repr(search(tmp_path))


def test_a_place_inside_another_is_read_once(tmp_path: Path) -> None:
    places = places_of((("data", tmp_path), ("vault", tmp_path / "vault"), ("temporary", tmp_path), ("x", Path("/x"))))
    assert [place.name for place in places] == ["x", "data"]
