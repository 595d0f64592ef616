"""What WordNet 3.0 knows of single words: whether its texts hold them, in which case, and which only disparage."""

from collections.abc import Iterator
from pathlib import Path

PARTS = ("noun", "verb", "adj", "adv")
PARTS_BY_CODE = {"1": "noun", "2": "verb", "3": "adj", "4": "adv", "5": "adj"}
_RUDE_USE = frozenset({"obscenity", "disparagement", "ethnic_slur"})
"""Synsets that other synsets name as their usage (pointer ";u")."""


def tagged(wordnet: Path) -> set[str]:
    """Return single words that the tagged texts of WordNet hold in any sense, names of famous people too."""
    return {lemma for _, lemma, fields in _index(wordnet) if int(fields[int(fields[3]) + 5]) > 0 and lemma.isalpha()}


def tagged_in_lower_case(wordnet: Path) -> set[str]:
    """Return single words that the tagged texts hold in a sense that is written in lower case: "rose", not "maria"."""
    offsets = {(part, lemma): fields[int(fields[3]) + 6 :] for part, lemma, fields in _index(wordnet)}
    cased: dict[tuple[str, str], set[str]] = {}
    for part in PARTS:
        for line in (wordnet / f"data.{part}").read_text(encoding="latin-1").splitlines():
            if not line.startswith(" "):
                fields = line.split()
                cased[part, fields[0]] = {fields[4 + 2 * n].split("(")[0] for n in range(int(fields[3], 16))}
    found = set()
    for line in (wordnet / "cntlist.rev").read_text(encoding="latin-1").splitlines():
        key, number, _count = line.split()
        lemma, _, code = key.partition("%")
        part = PARTS_BY_CODE[code[0]]
        senses = offsets.get((part, lemma), [])
        if lemma.isalpha() and int(number) <= len(senses) and lemma in cased[part, senses[int(number) - 1]]:
            found.add(lemma)
    return found


def _index(wordnet: Path) -> Iterator[tuple[str, str, list[str]]]:
    for part in PARTS:
        for line in (wordnet / f"index.{part}").read_text(encoding="latin-1").splitlines():
            if not line.startswith(" "):
                fields = line.split()
                yield part, fields[0], fields


def lemmas(wordnet: Path) -> set[str]:
    """Return single words that some sense writes in lower case, and the irregular forms of them."""
    found = {word for part in PARTS for _, words, _ in _synsets(wordnet, part) for word in words if word.islower()}
    for part in PARTS:
        lines = (wordnet / f"{part}.exc").read_text(encoding="latin-1").splitlines()
        found.update(line.split()[0] for line in lines)
    return {word for word in found if word.isalpha()}


def disparaging(wordnet: Path) -> set[str]:
    """Return words whose every sense is marked as an obscenity, a disparagement or a slur."""
    uses = {offset for offset, words, _ in _synsets(wordnet, "noun") if _RUDE_USE & set(words)}
    rude: set[str] = set()
    other: set[str] = set()
    for part in PARTS:
        for _, words, used in _synsets(wordnet, part):
            for number, word in enumerate(words, start=1):
                is_rude = any(offset in uses and of in (0, number) for offset, of in used)
                (rude if is_rude else other).add(word.lower())
    return rude - other


def _synsets(wordnet: Path, part: str) -> Iterator[tuple[str, list[str], list[tuple[str, int]]]]:
    """Yield offset, words, and of each usage pointer its target and the number of the word it is about (0: all)."""
    for line in (wordnet / f"data.{part}").read_text(encoding="latin-1").splitlines():
        if line.startswith(" "):
            continue
        fields = line.split(" | ")[0].split()
        count = int(fields[3], 16)
        words = [fields[4 + 2 * number].split("(")[0] for number in range(count)]
        first = 4 + 2 * count
        pointers = (fields[place : place + 4] for place in range(first + 1, first + 1 + 4 * int(fields[first]), 4))
        yield fields[0], words, [(offset, int(about[:2], 16)) for sign, offset, _, about in pointers if sign == ";u"]
