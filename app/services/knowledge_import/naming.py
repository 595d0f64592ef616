"""Ids of imported answers: the same document and the same heading give the same id, run after run. Pure."""

import hashlib
import re
import unicodedata
from typing import Final

from app.domain.ids import ArticleId

MAX_STEM_CHARS: Final = 36
MAX_TITLE_CHARS: Final = 48
_MARK_BYTES: Final = 3

_OTHER: Final = re.compile(r"[^a-z0-9]+")


def section_id(stem: str, title: str, taken: set[ArticleId]) -> ArticleId:
    """Return ``fees-2026.new-patients`` for a section of "Fees 2026.docx", and add it to ``taken``.

    Letters that are cut or that plain ASCII does not have leave a mark made of the whole, so that two long titles, or
    two in another script, do not fall together. The second of two equal titles ends in "-2".
    """
    wanted = f"{_slug(stem, MAX_STEM_CHARS)}.{_slug(title, MAX_TITLE_CHARS)}"
    free, number = wanted, 1
    while ArticleId(free) in taken:
        number += 1
        free = f"{wanted}-{number}"
    taken.add(ArticleId(free))
    return ArticleId(free)


def _slug(text: str, max_chars: int) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(char for char in folded if not unicodedata.combining(char))
    slug = _OTHER.sub("-", letters).strip("-")
    is_lossy = any(char.isalnum() and not char.isascii() for char in letters)
    if len(slug) <= max_chars and slug and not is_lossy:
        return slug
    mark = hashlib.blake2b(unicodedata.normalize("NFC", text.casefold()).encode(), digest_size=_MARK_BYTES).hexdigest()
    return f"{slug[:max_chars].rstrip('-')}-{mark}".lstrip("-")
