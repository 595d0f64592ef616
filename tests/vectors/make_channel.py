"""Writes our own vectors, ``tests/vectors/channel/*.json``, from fixed keys and nonces.

Run again with ``python -m tests.vectors.make_channel``; a test checks that the files are what this makes. Binary is
hexadecimal. Both the Python side and the browser's engine are held to the same files; ``resources/docs/channel.md``
explains every field.
"""

import json
from collections.abc import Callable
from pathlib import Path

from tests.support.channel import Office
from tests.vectors import channel_bodies, channel_documents, channel_frames, channel_handshakes, channel_small

FOLDER = Path(__file__).parent / "channel"

MAKERS: dict[str, Callable[[Office], object]] = {
    "derivations": channel_small.derivations,
    "documents": channel_documents.documents,
    "invitation": channel_small.invitation,
    "handshakes": channel_handshakes.handshakes,
    "frames": channel_frames.frames,
    "bodies": channel_bodies.bodies,
    "padding": channel_small.padding,
    "attachments": channel_small.attachments,
    "receipt": channel_small.receipt,
    "safety": channel_small.safety,
}


def plain(value: object) -> object:
    """Return ``value`` with bytes as hexadecimal."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


def made(name: str) -> str:
    """Return the text of one file."""
    return json.dumps(plain(MAKERS[name](Office())), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in MAKERS:
        (FOLDER / f"{name}.json").write_text(made(name), encoding="utf-8")
