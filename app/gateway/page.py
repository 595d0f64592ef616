"""The patient page: exactly the files of its list, each with the digest that the list says, held in memory."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.domain.strict_json import load_object
from app.gateway.errors import PageFilesError

LIST_NAME: Final = "files.json"
START: Final = "index.html"
_MAX_LIST_BYTES: Final = 64 * 1_024
_MAX_FILE_BYTES: Final = 4 * 1024 * 1024
_PATH: Final = re.compile(r"[a-z0-9_-]+(?:[./-]?[a-z0-9_-]+)*", re.IGNORECASE)
_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9.+-]+(?:; charset=utf-8)?")
_WORTH_IT: Final = 0.9


@dataclass(frozen=True, slots=True)
class PageFile:
    """One file as it is served. ``zipped`` is None where compression gains nothing."""

    path: str
    media_type: str
    body: bytes
    zipped: bytes | None
    etag: str


def load_page(folder: Path) -> tuple[PageFile, ...]:
    """Return the files that the list names; none when there is no list.

    Raises:
        PageFilesError: the list is malformed, or a file is missing or is not what the list says.
    """
    listed = folder / LIST_NAME
    if not listed.exists():
        return ()
    try:
        fields = load_object(listed.read_bytes(), _MAX_LIST_BYTES)
    except (OSError, ValueError) as problem:
        raise PageFilesError(LIST_NAME) from problem
    entries = fields.get("files")
    if fields.keys() != {"v", "files"} or fields["v"] != 1 or not isinstance(entries, list):
        raise PageFilesError(LIST_NAME)
    files = tuple(_load(folder, entry) for entry in entries)
    paths = [file.path for file in files]
    if START not in paths or len(set(paths)) != len(paths):
        raise PageFilesError(LIST_NAME)
    return files


def _load(folder: Path, entry: object) -> PageFile:
    if not isinstance(entry, dict) or entry.keys() != {"path", "type", "sha256"}:
        raise PageFilesError(LIST_NAME)
    path, media_type, digest = entry["path"], entry["type"], entry["sha256"]
    if not (isinstance(path, str) and _PATH.fullmatch(path) and isinstance(media_type, str)):
        raise PageFilesError(LIST_NAME)
    if not _TYPE.fullmatch(media_type):
        raise PageFilesError(path)
    try:
        body = (folder / path).read_bytes()
    except OSError as problem:
        raise PageFilesError(path) from problem
    found = hashlib.sha256(body).hexdigest()
    if found != digest or len(body) > _MAX_FILE_BYTES:
        raise PageFilesError(path)
    zipped = gzip.compress(body, mtime=0)
    return PageFile(path, media_type, body, zipped if len(zipped) < len(body) * _WORTH_IT else None, f'"{found[:32]}"')
