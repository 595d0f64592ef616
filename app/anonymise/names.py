"""The trained pipeline as a name finder: persons, places, firms and the like, which no expression can tell.

``open_names(folder)`` reads a spaCy pipeline (``models/language/en``, or one in training) and nothing else: no
download, no entry points of other packages. spaCy and numpy are imported on first use, because most of the console
needs none.
Meant for the confined language worker; every file is checked against ``manifest.json`` before it is opened, where
there is one.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.anonymise.detectors.prose import MIN_PROSE_CHARS
from app.anonymise.errors import PipelineError, PipelineFault
from app.anonymise.labels import Label
from app.anonymise.plausible import is_eponym, is_plausible
from app.anonymise.spans import Ground, Span
from app.anonymise.word_classes import NATION, ROLE, WordClasses

if TYPE_CHECKING:
    from app.anonymise.network.entities import Entity, EntityReader

MANIFEST_NAME: Final = "manifest.json"
MAX_BATCH_CHARS: Final = 8_000
"""Pieces are read together up to this many characters: about 1,500 words."""
MAX_BATCH_TEXTS: Final = 128
MAX_WORD_CHARS: Final = 120
"""Longer runs without a space are read as several words; the splitting of words is quadratic in their length."""

_LONG_RUN: Final = re.compile(rf"\S{{{MAX_WORD_CHARS}}}(?=\S)")
_RULE: Final = re.compile(r"[^\w\s]{9,}")
"""Signs that are drawn and not read ("-----"), each of which would be a word of its own."""
_PREFIX_CHARS: Final = 3
_NAMES: Final = frozenset({Label.PERSON, Label.LOCATION, Label.ORG, Label.NRP})
_LEADING: Final = re.compile(
    r"(?:(?:my|an?(?=\s\w\w)|the|is|it|its|at|in|and|was|for|with|of)\s+)+(?=\S)",
    re.IGNORECASE,
)
"""Words before a number that are none of it."""
_SAID_CHARS: Final = 24
_SAID_OF: Final = re.compile(
    r"\b(?:am|i'?m|is|was|were|are|as|retired|former|ex|works?|worked|job|being|became)[\s-](?:an?\s|the\s)?(?:\w+\s)?$",
    re.IGNORECASE,
)


class Names:
    """Finds what the pipeline was trained to find. Not for several threads at once."""

    def __init__(self, reader: "EntityReader", words: WordClasses) -> None:
        """Take what reads texts with a pipeline whose words were dressed (``dress``), and the classes of words."""
        self._reader = reader
        self.is_thrifty = reader.is_thrifty
        self.word_classes = words

    def find_all(self, texts: Iterable[str]) -> Iterator[list[Span]]:
        """Yield the spans of each of ``texts``, in order. Reads ahead as far as one batch."""
        for batch in _batches(texts):
            broken = [_broken(text) for text in batch]
            for text, entities in zip(broken, self._reader.find(broken), strict=True):
                yield self._spans(text, entities) if entities else []

    def _spans(self, text: str, entities: list["Entity"]) -> list[Span]:
        said = [(text[entity.start : entity.end], entity) for entity in entities]
        spans = [(words, self._span(words, entity, len(text))) for words, entity in said]
        return [span for words, span in spans if self._may_stand(words, span, text)]

    def _span(self, said: str, entity: "Entity", chars: int) -> Span:
        """Return what was said; a "nation" of a chat that no list knows is called a person, whom profiles replace."""
        label = Label(entity.label)
        if label is Label.NRP and chars < MIN_PROSE_CHARS:
            kinds = "".join(map(self.word_classes.of, said.split()))
            label = label if {NATION, ROLE} & set(kinds) or not len(self.word_classes) else Label.PERSON
        leading = _LEADING.match(said) if label not in _NAMES else None
        start = entity.start + (leading.end() if leading is not None else 0)
        return Span(start, entity.end, label, Ground.MODEL, f"language.{label.value.lower()}")

    def _may_stand(self, said: str, span: Span, text: str) -> bool:
        """Drop what cannot be meant, and professions that are asked for ("do you have a surgeon"), not somebody's."""
        if not is_plausible(said, span.label, self.word_classes) or (
            span.label in _NAMES and is_eponym(text, span.end)
        ):
            return False
        is_role = span.label is Label.NRP and said.islower() and len(text) < MIN_PROSE_CHARS
        if not is_role or ROLE not in self.word_classes.of(said.rpartition(" ")[2]):
            return True
        return _SAID_OF.search(text[max(0, span.start - _SAID_CHARS) : span.start]) is not None


def open_names(folder: Path) -> Names:
    """Return the pipeline in ``folder``.

    Raises:
        PipelineError: it is missing, cannot be read, or a file is not the one that the manifest names.
    """
    if not (folder / "config.cfg").is_file():
        raise PipelineError(PipelineFault.MISSING)
    check_manifest(folder)
    words = WordClasses.load(folder)
    try:
        pipeline = import_module("spacy").load(folder)
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise PipelineError(PipelineFault.UNREADABLE) from error
    dress(pipeline.vocab, words)
    return Names(import_module("app.anonymise.network").reader_of(pipeline), words)


def check_manifest(folder: Path) -> None:
    """Raise PipelineError unless the folder holds just what its manifest lists; without one nothing is checked."""
    path = folder / MANIFEST_NAME
    if not path.exists():
        return
    try:
        files = dict(json.loads(path.read_bytes())["files"])
        sums = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files}
        shipped = {str(found.relative_to(folder)) for found in folder.rglob("*") if _is_read(found)}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PipelineError(PipelineFault.ALTERED) from error
    if sums != files or not shipped <= {*files, MANIFEST_NAME}:
        raise PipelineError(PipelineFault.ALTERED)


def _is_read(path: Path) -> bool:
    """Return whether a file may be opened by the pipeline; the model card beside it is for people."""
    return path.is_file() and path.suffix != ".md"


def dress(vocab: Any, words: WordClasses) -> None:
    """Let ``vocab`` give each word its class (in spaCy's free attribute LANG) and its first three letters.

    Attributes that nothing here asks for (is it a stop word, an address …) are not worked out.
    """
    attributes = import_module("spacy.attrs")
    wanted = {getattr(attributes, name) for name in ("LOWER", "NORM", "SHAPE", "PREFIX", "SUFFIX", "IS_SPACE", "LANG")}
    for attribute in vocab.lex_attr_getters.keys() - wanted:
        del vocab.lex_attr_getters[attribute]
    vocab.lex_attr_getters[attributes.LANG] = words.feature
    vocab.lex_attr_getters[attributes.PREFIX] = lambda word: word[:_PREFIX_CHARS].lower()


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    chars = 0
    for text in texts:
        if batch and (chars + len(text) > MAX_BATCH_CHARS or len(batch) == MAX_BATCH_TEXTS):
            yield batch
            batch, chars = [], 0
        batch.append(text)
        chars += len(text)
    if batch:
        yield batch


def _broken(text: str) -> str:
    """Return ``text``, as long as before, with spaces in place of ruled lines, and one where a word never ends."""
    if len(text) <= MAX_WORD_CHARS:
        return text
    ruled = _RULE.sub(lambda match: " " * len(match.group()), text)
    return _LONG_RUN.sub(lambda match: match.group()[:-1] + " ", ruled)
