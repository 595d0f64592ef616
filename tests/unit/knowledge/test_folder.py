"""Reading a folder of approved answers."""

import os
from pathlib import Path

import pytest

from app.knowledge import folder as folder_module
from app.knowledge.errors import ArticleFault, FolderError, FolderFault
from app.knowledge.folder import MAX_ARTICLE_BYTES, read_folder


def test_good_files_are_read_and_each_bad_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text("# B\n\nText b.\n")
    (tmp_path / "a.md").write_text("# A\n\nText a.\n")
    (tmp_path / "c.md").write_bytes(b"# C\n\n\xff\xfe\n")
    (tmp_path / "d.md").write_text("no heading")
    (tmp_path / "e.md").write_bytes(b"# E\n\n" + b"x" * MAX_ARTICLE_BYTES)
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    reading = read_folder(tmp_path)
    assert [article.article_id for article in reading.articles] == ["a", "b"]
    assert [(problem.file_name, problem.code) for problem in reading.problems] == [
        ("c.md", ArticleFault.NOT_UTF8),
        ("d.md", ArticleFault.NO_TITLE),
        ("e.md", ArticleFault.TOO_LARGE),
    ]


def test_a_pipe_in_the_folder_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\nText a.\n")
    os.mkfifo(tmp_path / "pipe.md")
    assert [problem.code for problem in read_folder(tmp_path).problems] == [ArticleFault.UNREADABLE]


def test_a_byte_order_mark_is_not_part_of_the_title(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\nText a.\n", encoding="utf-8-sig")
    assert read_folder(tmp_path).articles[0].title == "A"


def test_missing_empty_and_crowded_folders_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    faults = []
    for place in (tmp_path / "none", tmp_path):
        with pytest.raises(FolderError) as caught:
            read_folder(place)
        faults.append(caught.value.code)
    monkeypatch.setattr(folder_module, "MAX_ARTICLES", 1)
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("# A\n\nText.\n")
    with pytest.raises(FolderError) as caught:
        read_folder(tmp_path)
    assert [*faults, caught.value.code] == [FolderFault.MISSING, FolderFault.NO_ANSWERS, FolderFault.TOO_MANY]
