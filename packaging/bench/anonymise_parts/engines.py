"""The two engines behind one face. Both read names with the same spaCy pipeline, from the same folder."""

import socket
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from anonymise_parts.records import Found
from app.anonymise.finder import Finder
from app.anonymise.names import dress, open_names
from app.anonymise.word_classes import WordClasses

OURS, PEER, PEER_WIDE = "ours", "presidio", "presidio-wide"
BATCH = 64
"""Texts that Presidio reads at once; ours decides by itself."""

FROM_PRESIDIO = {
    "EMAIL_ADDRESS": "EMAIL",
    "PHONE_NUMBER": "PHONE",
    "CREDIT_CARD": "CARD",
    "IBAN_CODE": "IBAN",
    "IP_ADDRESS": "IP",
    "DATE_TIME": "DATE",
    "ORGANIZATION": "ORG",
}
_SHARED_LABELS = frozenset({"PERSON", "LOCATION", "NRP", "URL", "ADDRESS", "ZIP", "AGE", "USERNAME", "ID"})


_COUNTRIES = frozenset({"us", "uk", "de", "fr", "es", "it", "ie", "ca", "au", "nz", "in"})
"""Those whose numbers our detectors know; for ``PEER_WIDE`` all of Presidio's recognisers for them are switched on."""
_OTHER_MODELS = frozenset({"HuggingFaceNerRecognizer", "BasicLangExtractRecognizer"})


class Engine(Protocol):
    """Finds identifiers in texts."""

    def find(self, text: str) -> Sequence[Found]:
        """Return what is found in one text."""

    def find_all(self, texts: Sequence[str]) -> list[list[Found]]:
        """Return what is found in each of many texts, the fastest way that the engine has."""


class Ours:
    """Detectors, the trained pipeline and the merge, as the language worker runs them."""

    def __init__(self, folder: Path) -> None:
        self._finder = Finder(open_names(folder))

    def find(self, text: str) -> Sequence[Found]:
        """See Engine."""
        return [Found(s.start, s.end, s.label.value, s.score) for s in self._finder.find(text)]

    def find_all(self, texts: Sequence[str]) -> list[list[Found]]:
        """See Engine."""
        return [
            [Found(s.start, s.end, s.label.value, s.score) for s in spans] for spans in self._finder.find_all(texts)
        ]


class Presidio:
    """presidio-analyzer with its default recognisers; whatever label the pipeline gives counts for it.

    ``is_wide`` switches on what it has for our countries and leaves off by default: it finds more, and is slower.
    """

    def __init__(self, folder: Path, *, is_wide: bool = False) -> None:
        _keep_offline()
        analyzer = import_module("presidio_analyzer")
        nlp_engine = _nlp_engine(folder)
        registry = _wide_registry(nlp_engine) if is_wide else None
        self._engine = analyzer.AnalyzerEngine(registry=registry, nlp_engine=nlp_engine, supported_languages=["en"])
        self._batches = analyzer.BatchAnalyzerEngine(self._engine)

    def find(self, text: str) -> Sequence[Found]:
        """See Engine."""
        return _as_found(self._engine.analyze(text, language="en"))

    def find_all(self, texts: Sequence[str]) -> list[list[Found]]:
        """See Engine."""
        return [_as_found(found) for found in self._batches.analyze_iterator(texts, "en", batch_size=BATCH)]


def open_engine(name: str, folder: Path) -> Engine:
    """Return the engine called ``name`` on the pipeline in ``folder``."""
    return Ours(folder) if name == OURS else Presidio(folder, is_wide=name == PEER_WIDE)


def _nlp_engine(folder: Path) -> Any:
    """Presidio's spaCy engine around our pipeline; nothing is looked up, downloaded or left out."""
    engines = import_module("presidio_analyzer.nlp_engine")
    pipeline = import_module("spacy").load(folder)
    dress(pipeline.vocab, WordClasses.load(folder))
    labels = pipeline.get_pipe("ner").labels if pipeline.has_pipe("ner") else ()
    to_presidio = {ours: theirs for theirs, ours in FROM_PRESIDIO.items()}
    mapping = {label: to_presidio.get(label, label) for label in labels}
    settings = engines.NerModelConfiguration(model_to_presidio_entity_mapping=mapping, labels_to_ignore=[])
    engine = engines.SpacyNlpEngine(ner_model_configuration=settings)
    engine.nlp = {"en": pipeline}
    return engine


def _wide_registry(nlp_engine: Any) -> Any:
    """Return Presidio's own list of recognisers with those of ``_COUNTRIES`` switched on, read as English."""
    recognisers = import_module("presidio_analyzer.recognizer_registry")
    package = Path(str(import_module("presidio_analyzer").__file__)).parent
    settings = import_module("yaml").safe_load((package / "conf" / "default_recognizers.yaml").read_text("utf-8"))
    chosen = []
    for entry in settings["recognizers"]:
        is_ours = entry.get("country_code") in _COUNTRIES or entry.get("country_code") is None
        if is_ours and entry["name"] not in _OTHER_MODELS:
            chosen.append({"name": entry["name"], "type": "predefined", "supported_languages": ["en"]})
    provider = recognisers.RecognizerRegistryProvider(registry_configuration=settings | {"recognizers": chosen})
    registry = provider.create_recognizer_registry()
    registry.add_nlp_recognizer(nlp_engine=nlp_engine)
    return registry


def _keep_offline() -> None:
    """Let no socket connect, and check the ends of e-mail addresses against the list that tldextract brings."""

    def refuse(*_: object) -> None:
        raise OSError("the benchmark has no network")

    socket.socket.connect = refuse  # type: ignore[method-assign]
    tldextract: Any = import_module("tldextract")
    tldextract.extract = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())


def _as_found(results: Iterable[Any]) -> list[Found]:
    return [Found(result.start, result.end, _label(result.entity_type), result.score) for result in results]


def _label(entity: str) -> str:
    """Every number of some register, whatever its country, is an ID here."""
    return FROM_PRESIDIO.get(entity, entity if entity in _SHARED_LABELS else "ID")
