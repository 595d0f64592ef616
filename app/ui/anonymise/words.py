"""The words of this page: labels, profiles, groups, and why something was found."""

from PySide6.QtCore import QCoreApplication

from app.anonymise.labels import Label
from app.anonymise.replacing.profiles import Profile
from app.services.anonymising.rule_records import RuleKind
from app.services.errors import RuleFault
from app.ui.anonymise.groups import LabelGroup


def label_word(label: Label) -> str:
    """Return what a label is called."""
    return {
        Label.PERSON: _tr("Name"),
        Label.LOCATION: _tr("Place"),
        Label.ADDRESS: _tr("Street address"),
        Label.ZIP: _tr("Postal code"),
        Label.ORG: _tr("Organisation"),
        Label.DATE: _tr("Date"),
        Label.AGE: _tr("Age"),
        Label.PHONE: _tr("Telephone number"),
        Label.EMAIL: _tr("E-mail address"),
        Label.ID: _tr("Number of a register"),
        Label.CARD: _tr("Card or account"),
        Label.IBAN: _tr("Bank account (IBAN)"),
        Label.URL: _tr("Web address"),
        Label.IP: _tr("Network address"),
        Label.USERNAME: _tr("User name"),
        Label.NRP: _tr("Origin, belief or profession"),
        Label.QUANTITY: _tr("Quantity"),
        Label.MISC: _tr("Other"),
    }[label]


def group_word(group: LabelGroup) -> str:
    """Return what a group is called in the legend."""
    return {
        LabelGroup.PEOPLE: _tr("Names"),
        LabelGroup.PLACES: _tr("Places"),
        LabelGroup.TIMES: _tr("Dates and ages"),
        LabelGroup.REACH: _tr("Phone, mail, web"),
        LabelGroup.NUMBERS: _tr("Numbers"),
        LabelGroup.OTHER: _tr("Other"),
    }[group]


def profile_word(profile: Profile) -> str:
    """Return what a profile is called on its button."""
    return {
        Profile.SAFE_HARBOR: _tr("Safe Harbor"),
        Profile.LIMITED: _tr("Limited"),
        Profile.PSEUDONYMS: _tr("Stand-ins"),
        Profile.LABELS: _tr("Labels"),
    }[profile]


def profile_words(profile: Profile) -> str:
    """Return what a profile does, in one sentence."""
    return {
        Profile.SAFE_HARBOR: _tr(
            "HIPAA Safe Harbor: dates become years, ZIP codes three digits, ages over 89 are grouped, the rest labels."
        ),
        Profile.LIMITED: _tr("Dates move by a secret number of days, so that the time between them stays."),
        Profile.PSEUDONYMS: _tr(
            "Invented names and numbers; the same person keeps the same name in here, never elsewhere."
        ),
        Profile.LABELS: _tr("Numbered labels, such as [PERSON_1]."),
    }[profile]


def law_words(label: Label, why: str) -> str:
    """Return the legal basis; of a number it depends on the register, which the code tells."""
    letter = _NUMBER_LETTERS.get(why.partition(".")[0], "R") if label is Label.ID else _LETTERS.get(label)
    if letter is None:
        return _tr("None of the 18 identifiers of HIPAA Safe Harbor, but it may single somebody out (GDPR recital 26).")
    words = _tr("HIPAA Safe Harbor ({letter}), 45 CFR 164.514(b)(2)(i). Personal data, GDPR article 4(1).")
    return words.format(letter=letter)


_LETTERS = {
    Label.PERSON: "A",
    Label.LOCATION: "B",
    Label.ADDRESS: "B",
    Label.ZIP: "B",
    Label.DATE: "C",
    Label.AGE: "C",
    Label.PHONE: "D, E",
    Label.EMAIL: "F",
    Label.CARD: "J",
    Label.IBAN: "J",
    Label.URL: "N",
    Label.IP: "O",
    Label.USERNAME: "R",
}
_NUMBER_LETTERS = {
    "us_ssn": "G",
    "us_itin": "G",
    "ca_sin": "G",
    "gb_nino": "G",
    "ie_pps": "G",
    "fr_nir": "G",
    "medical_record": "H",
    "gb_nhs": "H, I",
    "nz_nhi": "H, I",
    "au_medicare": "I",
    "us_mbi": "I",
    "bank": "J",
    "us_npi": "K",
    "us_dea": "K",
    "driving_licence": "K",
    "gb_driving_licence": "K",
    "passport": "K",
    "vin": "L",
    "plate": "L",
    "gb_plate": "L",
    "device": "M",
    "imei": "M",
    "hardware_address": "M",
}


def rule_kind_word(kind: RuleKind) -> str:
    """Return what a rule does."""
    return {
        RuleKind.FIND: _tr("Always find"),
        RuleKind.SHAPE: _tr("Find the shape"),
        RuleKind.LIFT: _tr("Let through"),
    }[kind]


def rule_fault_words(fault: RuleFault) -> str:
    """Return why a rule was refused, and what to do."""
    return {
        RuleFault.EMPTY: _tr("Please write what the rule is about."),
        RuleFault.SHAPE_EMPTY: _tr("Please write what the rule is about."),
        RuleFault.TOO_SHORT: _tr("One sign alone stands in every text. Please write more of it."),
        RuleFault.TOO_LONG: _tr("That is longer than a rule can be. Please write the part that matters."),
        RuleFault.SHAPE_TOO_LONG: _tr("A shape has 40 signs at most."),
        RuleFault.SHAPE_TOO_BROAD: _tr(
            "That would find ordinary words. A shape needs three signs, one of them a digit."
        ),
        RuleFault.BROKEN_CHARACTERS: _tr("It holds signs that cannot be stored. Please type it anew."),
        RuleFault.GONE: _tr("Somebody removed this rule meanwhile."),
    }[fault]


def _tr(text: str) -> str:
    return QCoreApplication.translate("anonymise", text)
