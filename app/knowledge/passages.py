"""Cutting an approved answer into passages that fit a prompt.

A paragraph is a passage: people write one thought in one paragraph, and a passage must make sense when it is sent
word for word. A paragraph that is too long is cut between sentences; a heading or a line that ends in a colon stays
with what follows; a stub of a few words joins its neighbour.
"""

import re

from app.domain.proposal import Article, Passage
from app.knowledge.sentences import sentences

MAX_PASSAGE_WORDS = 90
"""Four of these, a thread and the rules fit 1,024 tokens of the starter model."""

MIN_PASSAGE_WORDS = 12
"""A paragraph shorter than this says too little alone and joins the one before it."""

_HEADING = "\ue000"
"""Marks a heading between two steps here; private-use characters never survive ``read_article``."""

_BLANK_LINE = re.compile(r"\n[ ]*\n")
_HEADING_LINE = re.compile(r"^[ ]{0,3}#{1,6}[ ]+(.*?)[ #]*$", re.MULTILINE)
_QUOTE_MARK = re.compile(r"^[ ]{0,3}>[ ]?", re.MULTILINE)
_BULLET = re.compile(r"^[ ]*[*+•-][ ]+")
_ITEM = re.compile(r"- |\d{1,2}[.)] ")
_LINK = re.compile(r"!?\[([^\]\n]*)\]\(([^)\s]*)[^)]*\)")
_EMPHASIS = re.compile(r"(?<!\w)(\*\*|__|\*|_|`)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!>-])")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")


def split(article: Article) -> tuple[Passage, ...]:
    """Return the passages of an article in reading order, each at most ``MAX_PASSAGE_WORDS`` words of plain text.

    A single sentence longer than that is cut between words.
    """
    body = _HEADING_LINE.sub(lambda heading: f"\n\n{_HEADING}{heading[1]}\n\n", article.body)
    texts = [piece for block in _blocks(body) for piece in _fit(block)]
    return tuple(Passage(article.article_id, number, article.title, text) for number, text in enumerate(texts))


def _blocks(body: str) -> list[str]:
    blocks: list[str] = []
    heading = ""
    for raw in _BLANK_LINE.split(body):
        block = _plain(raw.removeprefix("\n").removeprefix(_HEADING))
        if raw.lstrip("\n").startswith(_HEADING):
            heading = block
        elif block:
            _join(blocks, f"{heading}\n{block}" if heading else block, is_new=bool(heading))
            heading = ""
    return blocks


def _join(blocks: list[str], block: str, *, is_new: bool) -> None:
    """Append a block, or lengthen the one before it where one of the two cannot stand alone."""
    belongs = bool(blocks) and not is_new and (blocks[-1].endswith(":") or _is_stub(block) or _is_stub(blocks[-1]))
    if belongs and _count(joined := f"{blocks[-1]}\n{block}") <= MAX_PASSAGE_WORDS:
        blocks[-1] = joined
    else:
        blocks.append(block)


def _plain(markdown: str) -> str:
    """Return a block as plain text: marks dropped, soft line breaks folded, items of a list on lines of their own."""
    text = _QUOTE_MARK.sub("", markdown)
    text = _LINK.sub(lambda link: link[1] or link[2], text)
    text = _ESCAPE.sub(r"\1", _TAG.sub("", _EMPHASIS.sub(r"\2", text)))
    lines: list[str] = []
    for line in text.split("\n"):
        words = " ".join(_BULLET.sub("- ", line).split())
        if words and (not lines or _ITEM.match(words)):
            lines.append(words)
        elif words:
            lines[-1] += f" {words}"
    return "\n".join(lines)


def _is_stub(block: str) -> bool:
    return _count(block) < MIN_PASSAGE_WORDS


def _count(text: str) -> int:
    return len(text.split())


def _fit(block: str) -> list[str]:
    if _count(block) <= MAX_PASSAGE_WORDS:
        return [block]
    pieces: list[str] = []
    for sentence in (part for whole in sentences(block) for part in _cut_words(whole)):
        separator = "\n" if sentence.startswith("- ") else " "
        if pieces and _count(pieces[-1]) + _count(sentence) <= MAX_PASSAGE_WORDS:
            pieces[-1] += separator + sentence
        else:
            pieces.append(sentence)
    return pieces


def _cut_words(sentence: str) -> list[str]:
    words = sentence.split()
    return [" ".join(words[at : at + MAX_PASSAGE_WORDS]) for at in range(0, len(words), MAX_PASSAGE_WORDS)]
