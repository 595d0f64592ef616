"""The words of the emergency list: kinds, languages, countries, and how a pattern reads."""

from PySide6.QtCore import QCoreApplication


def kind_word(kind: str) -> str:
    """What a group of phrases is about."""
    return {
        "allergy": _tr("Allergic reaction"),
        "arrest": _tr("Arrest and police"),
        "bleeding": _tr("Bleeding"),
        "breathing": _tr("Breathing"),
        "chest_pain": _tr("Chest pain"),
        "child": _tr("A child in danger"),
        "closing": _tr("A closing today"),
        "collapse": _tr("Collapse"),
        "detention": _tr("Detention and deportation"),
        "eviction": _tr("Eviction"),
        "evidence": _tr("Evidence at risk"),
        "fraud": _tr("Fraud under way"),
        "hearing_tomorrow": _tr("A hearing today or tomorrow"),
        "help": _tr("A call for help"),
        "injury": _tr("Injury"),
        "limitation": _tr("A deadline that ends"),
        "overdose": _tr("Overdose and poisoning"),
        "pain": _tr("Unbearable pain"),
        "pregnancy": _tr("Pregnancy"),
        "served": _tr("Papers served"),
        "stroke": _tr("Stroke"),
        "suicide": _tr("Suicide and self-harm"),
        "violence": _tr("Violence"),
        "will": _tr("A last will"),
        "default": _tr("Everything else"),
    }.get(kind, kind.replace("_", " ").capitalize())


def language_word(code: str) -> str:
    """The name of a language of the books."""
    return {"en": _tr("English"), "es": _tr("Spanish")}.get(code, code)


def country_word(code: str) -> str:
    """The name of a country of the emergency numbers."""
    return {
        "us": _tr("United States"),
        "ca": _tr("Canada"),
        "gb": _tr("United Kingdom"),
        "ie": _tr("Ireland"),
        "es": _tr("Spain"),
        "mx": _tr("Mexico"),
        "eu": _tr("Another country with 112"),
    }.get(code, code.upper())


def readable_pattern(wording: str) -> str:
    """A pattern of the book as a person reads it: "cant|cannot breathe" becomes "cant / cannot breathe"."""
    return wording.replace("|", " / ").replace("_", " ")


def _tr(text: str) -> str:
    return QCoreApplication.translate("emergency", text)
