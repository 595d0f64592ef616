"""Why something was found, in words: the finder sends codes ("us_ssn", "email.spelled"), these are their words."""

from PySide6.QtCore import QCoreApplication

from app.anonymise.spans import Ground

_PART = ".part"


def why_words(why: str, ground: Ground) -> str:
    """Return one sentence for a code; an unknown code is explained by what the finding rests on."""
    family = why.partition(".")[0]
    words = _office_words(why) or _words().get(why) or _families().get(family) or _words().get(family)
    return (
        words
        or {
            Ground.KNOWN: _tr("The office knows it."),
            Ground.PROOF: _tr("Its check digit fits, or nothing else looks like this."),
            Ground.SHAPE: _tr("It has the shape of one, or the usual word stands beside it."),
            Ground.MODEL: _tr("The trained reader takes it for one."),
            Ground.GUESS: _tr("It may be one. When unsure, it is replaced."),
        }[ground]
    )


def proof_words(why: str, ground: Ground) -> str:
    """Return why letting it through needs a second look; for findings on ``Ground.PROOF`` and ``Ground.KNOWN``."""
    code = why.removesuffix(_PART)
    if code == "office.contact":
        return _tr("It is the name of the person whose conversation this is.")
    if code.startswith("office.contact_"):
        return _tr("It stands in the details of the person whose conversation this is.")
    if code == "office.staff":
        return _tr("It is the name of somebody who works here.")
    if code == "office.name":
        return _tr("It is the name of this office.")
    if ground is Ground.KNOWN:
        return _tr("It stands on this office's own list.")
    return _tr("Nothing else looks like this: {why}").format(why=why_words(why, ground))


def _office_words(why: str) -> str:
    return {
        "office.contact": _tr("The name of the person whose conversation this is."),
        "office.contact.part": _tr(
            "A part of the name of the person whose conversation this is, or a misspelling of it."
        ),
        "office.contact_other_names": _tr("Another name of the person whose conversation this is."),
        "office.contact_other_names.part": _tr("A part of another name of this person, or a misspelling of it."),
        "office.contact_birth_date": _tr("The birth date that stands in this contact\u2019s details."),
        "office.contact_phones": _tr(
            "A phone number that stands in this contact\u2019s details, however it is written."
        ),
        "office.contact_emails": _tr("An e-mail address that stands in this contact\u2019s details."),
        "office.contact_emails.part": _tr(
            "A part of an e-mail address in this contact\u2019s details, or a slip in it."
        ),
        "office.contact_address": _tr("The address that stands in this contact\u2019s details."),
        "office.contact_address.part": _tr(
            "A part of the address in this contact\u2019s details: street, town or code."
        ),
        "office.contact_record_numbers": _tr("A record number that stands in this contact\u2019s details."),
        "office.contact_relatives": _tr("The name of somebody around this person, from the contact\u2019s details."),
        "office.contact_relatives.part": _tr(
            "A part of the name of somebody around this person, or a misspelling of it."
        ),
        "office.staff": _tr("The name of somebody who works here."),
        "office.staff.part": _tr("A part of the name of somebody who works here, or a misspelling of it."),
        "office.name": _tr("The name of this office."),
        "office.list": _tr("It stands on this office's own list."),
        "office.list.part": _tr("A part of a name on this office's own list, or a misspelling of it."),
        "office.shape": _tr("It has a shape that this office wrote down."),
    }.get(why, "")


def _words() -> dict[str, str]:
    return {
        "email.spelled": _tr("An e-mail address that is spelled out (\u201cat \u2026 dot \u2026\u201d)."),
        "email.spaced": _tr("An e-mail address with spaces in it."),
        "email.unsigned": _tr("An e-mail address whose sign is missing."),
        "spelled_number": _tr("A number that is spelled out in words."),
        "us_ssn": _tr("A social security number of the United States."),
        "us_ssn.last_four": _tr("The last four digits of a social security number."),
        "card": _tr("A card number: its check digit fits."),
        "card.last_four": _tr("The last four digits of a card."),
        "card.code": _tr("The security code of a card."),
        "iban": _tr("A bank account (IBAN): its check digits fit."),
        "date.birth": _tr("A date of birth."),
        "date.relative": _tr("A day that can be worked out (\u201cnext Tuesday\u201d)."),
        "date.weekday": _tr("A day of the week."),
        "address.box": _tr("A post office box."),
        "medical_record": _tr("The number of a medical record."),
        "passport": _tr("The number of a passport."),
        "driving_licence": _tr("The number of a driving licence."),
        "gb_driving_licence": _tr("The number of a British driving licence."),
        "gb_nhs": _tr("An NHS number: its check digit fits."),
        "gb_nino": _tr("A British national insurance number."),
        "us_npi": _tr("A provider number (NPI): its check digit fits."),
        "us_dea": _tr("A DEA number: its check digit fits."),
        "us_ein": _tr("The tax number of a firm in the United States."),
        "us_itin": _tr("A tax number of the United States."),
        "ca_sin": _tr("A Canadian social insurance number: its check digit fits."),
        "gb_utr": _tr("A British tax number."),
        "ie_pps": _tr("An Irish PPS number: its check letter fits."),
        "au_tfn": _tr("An Australian tax file number: its check digit fits."),
        "nz_ird": _tr("A tax number of New Zealand: its check digit fits."),
        "es_dni": _tr("A Spanish identity number: its check letter fits."),
        "es_nie": _tr("A Spanish identity number of a foreigner: its check letter fits."),
        "in_aadhaar": _tr("An Aadhaar number: its check digit fits."),
        "in_pan": _tr("An Indian tax number (PAN)."),
        "in_epic": _tr("The number of an Indian voter card."),
        "us_mbi": _tr("A Medicare number of the United States."),
        "vin": _tr("The number of a vehicle (VIN)."),
        "imei": _tr("The number of a telephone set (IMEI)."),
        "device.serial": _tr("The serial number of a device."),
        "firm.dealt_with": _tr("Somebody\u2019s bank, employer or insurer, by the words around it."),
        "address.town": _tr("A town between a street and a postal code."),
        "device.udi": _tr("The identifier of a medical device (UDI)."),
        "code.long": _tr("A long code: whoever gave it out can tell whose it is."),
        "number.long": _tr("A long number: whoever gave it out can tell whose it is."),
    }


def _families() -> dict[str, str]:
    return {
        "language": _tr("The trained reader takes it for one, from the words around it."),
        "repeat": _tr("The same words, or a part of them, were found elsewhere in this conversation."),
        "nation": _tr("A nationality or origin. With other facts it can single somebody out."),
        "role": _tr("A profession or office that somebody holds. With other facts it can single somebody out."),
        "special": _tr("Belief, politics or health of a person, a special category (GDPR article 9)."),
        "quantity": _tr("A figure that can be looked up elsewhere, and so single somebody out."),
        "firm": _tr("The name of a firm, by the form of business behind it."),
        "office": _tr("The name of an institution: a court, a school, a home, an authority."),
        "alien_number": _tr("A number of the United States immigration office."),
        "code": _tr("A code: whoever gave it out can tell whose it is."),
        "number": _tr("A number: whoever gave it out can tell whose it is."),
        "named": _tr("The words beside it say so (\u201cmy name is \u2026\u201d, \u201cMr. \u2026\u201d)."),
        "phone": _tr("A telephone number that can exist, or the usual word stands beside it."),
        "email": _tr("An e-mail address."),
        "url": _tr("A web address."),
        "ip": _tr("A network address."),
        "hardware_address": _tr("The address of a network card."),
        "handle": _tr("A user name."),
        "date": _tr("A date. Only the year may stay."),
        "age": _tr("An age; above 89 it identifies."),
        "address": _tr("A street address."),
        "zip": _tr("A postal code."),
        "case": _tr("The number of a case or docket."),
        "record": _tr("A number with the name of its register beside it."),
        "bank": _tr("The number of a bank account."),
        "plate": _tr("A number plate."),
        "gb_plate": _tr("A British number plate."),
        "au_medicare": _tr("A Medicare number of Australia: its check digit fits."),
        "nz_nhi": _tr("A health number of New Zealand: its check digit fits."),
        "de_tax_number": _tr("A German tax number: its check digit fits."),
        "de_identity_card": _tr("The number of a German identity card."),
        "fr_nir": _tr("A French social security number: its check digits fit."),
        "it_codice_fiscale": _tr("An Italian tax code: its check sign fits."),
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("anonymise", text)
