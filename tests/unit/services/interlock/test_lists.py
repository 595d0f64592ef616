"""The phrase books that ship: found however they are typed; everyday talk left alone; nothing ever lowered."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.folding import fold_word
from app.domain.office import Sector
from app.services.interlock.lists import Interlock, InterlockError, ListedPhrase, load_interlock

RESOURCES = Path(__file__).parents[4] / "resources"
NEAR = {"a": "s", "e": "r", "i": "o", "o": "p", "n": "m", "s": "d", "t": "y", "r": "t", "l": "k", "c": "v", "d": "f"}
LOCKS = {sector: load_interlock(RESOURCES, sector) for sector in Sector}
LISTED = [
    pytest.param(lock, lock.confusable, listed, id=listed.phrase.phrase_id)
    for lock in LOCKS.values()
    for book in lock.books
    for listed in book.phrases
]


def finds(lock: Interlock, listed: ListedPhrase, text: str) -> bool:
    return listed.phrase.phrase_id in {hit.phrase_id for hit in lock.check(text)}


def ways_of_typing(text: str, dice: random.Random) -> Iterator[str]:
    yield text
    yield text.upper()
    yield text.replace("'", "")
    yield text.replace("'", "\u2019")
    yield text.replace(" ", "  ").replace("e", "é").replace("o", "ö")
    yield text.replace("a", "\u0430").replace("o", "\u043e")
    yield "\u200b".join(text)
    yield "Hello, " + text + "!!! please, thank you"


def typos(word: str, dice: random.Random) -> Iterator[str]:
    place = dice.randrange(len(word) - 1)
    yield word[:place] + word[place + 1 :]
    yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    yield word[: place + 1] + word[place:]
    yield word[:place] + NEAR.get(word[place], "x") + word[place + 1 :]
    yield word[: place + 1] + " " + word[place + 1 :]


@pytest.mark.parametrize(("lock", "confusable", "listed"), LISTED)
def test_every_example_is_found_however_it_is_typed(
    lock: Interlock, confusable: dict[str, frozenset[str]], listed: ListedPhrase
) -> None:
    dice = random.Random(listed.phrase.phrase_id)
    assert listed.examples
    for example in listed.examples:
        for text in ways_of_typing(example, dice):
            assert finds(lock, listed, text), text


@pytest.mark.parametrize(("lock", "confusable", "listed"), LISTED)
def test_every_variant_is_found_with_any_one_word_misspelt(
    lock: Interlock, confusable: dict[str, frozenset[str]], listed: ListedPhrase
) -> None:
    """A typo that makes another everyday word (the book's ``confusable``) or leaves under three letters is let go."""
    dice = random.Random(listed.phrase.phrase_id)
    variants = listed.phrase.variants
    for variant in dice.sample(variants, min(len(variants), 2)):
        words = [dice.choice(slot) for slot in variant]
        for place, word in enumerate(words):
            if len(word) < 4 or not word.isalpha():
                continue
            for typo in typos(word, dice):
                folded = fold_word(typo.replace(" ", ""))
                if folded in confusable.get(fold_word(word), ()) or len(folded) < 3:
                    continue
                text = " ".join([*words[:place], typo, *words[place + 1 :]])
                assert finds(lock, listed, text), text


@pytest.mark.parametrize("sector", list(Sector))
def test_two_words_run_together_are_found(sector: Sector) -> None:
    lock = LOCKS[sector]
    runs = {"clinic": ["chestpain", "icant breathe cantbreathe", "heartattack"], "law": ["searchwarrant", "killmyself"]}
    assert all(lock.check(text) for text in runs[sector.value])


@pytest.mark.parametrize(
    "text",
    [
        "My phone is dying, I will write later.",
        "I had a killer headache yesterday, it was for my dog.",
        "Is my bill overdue? Please bill me again.",
        "Can I book an appointment for a flu shot on Friday?",
        "What are your opening hours tomorrow?",
        "Please call me back, I can't talk right now.",
        "I want to pay all of my bill today.",
        "Do you have any parking near the office?",
        "I was charged extra, can I speak with billing?",
        "That joke killed me, thank you so much!",
        "I need a refill of my blood pressure medicine.",
        "Quiero pedir una cita para el martes.",
        "¿Cuánto cuesta la consulta? Sin embargo, no tengo prisa.",
        "Necesito una receta para mi hija.",
    ],
)
@pytest.mark.parametrize("sector", list(Sector))
def test_everyday_talk_is_left_alone(sector: Sector, text: str) -> None:
    assert LOCKS[sector].check(text) == ()


@pytest.mark.parametrize("sector", list(Sector))
def test_a_denial_raises_too_because_nothing_here_lowers(sector: Sector) -> None:
    text = {"clinic": "I have no chest pain", "law": "I was not arrested"}[sector.value]
    assert LOCKS[sector].check(text)


@pytest.mark.parametrize("sector", list(Sector))
def test_scripts_name_the_numbers_of_the_country(sector: Sector) -> None:
    text = "I want to kill myself"
    for country, numbers in {None: ("911", "988"), "gb": ("999", "116 123"), "eu": ("112",)}.items():
        lock = load_interlock(RESOURCES, sector, country)
        script = lock.script(lock.check(text)[0])
        assert all(number in script for number in numbers)
        assert "{" not in script


def test_the_version_changes_with_a_phrase_and_with_a_number(tmp_path: Path) -> None:
    folder = tmp_path / "phrases" / "emergency"
    folder.mkdir(parents=True)
    for file in (RESOURCES / "phrases" / "emergency").iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    before = load_interlock(tmp_path, Sector.CLINIC).version
    assert load_interlock(tmp_path, Sector.CLINIC).version == before
    assert load_interlock(tmp_path, Sector.CLINIC, "gb").version != before
    book = json.loads((folder / "clinic.es.json").read_text(encoding="utf-8"))
    book["phrases"].pop()
    (folder / "clinic.es.json").write_text(json.dumps(book), encoding="utf-8")
    assert load_interlock(tmp_path, Sector.CLINIC).version != before


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"version": 0}'])
def test_a_damaged_book_is_refused(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "phrases" / "emergency"
    folder.mkdir(parents=True)
    for file in (RESOURCES / "phrases" / "emergency").iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "law.en.json").write_text(damage, encoding="utf-8")
    with pytest.raises(InterlockError):
        load_interlock(tmp_path, Sector.LAW)
