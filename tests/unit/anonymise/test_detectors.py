"""Every detector: what it finds, what it must leave alone. People and numbers are invented or specimens."""

import pytest

from app.anonymise.finder import Finder
from app.anonymise.labels import Label

FINDER = Finder()

FOUND = [
    ("my great aunt, a hundred and two, wants to marry", "a hundred and two", Label.AGE),
    ("9 quillmoor ln, larchwick ct 06103", "larchwick", Label.LOCATION),
    # e-mail
    ("mail me: ana.ruiz@example.org.", "ana.ruiz@example.org", Label.EMAIL),
    ("ana dot ruiz at gmail dot com is mine", "ana dot ruiz at gmail dot com", Label.EMAIL),
    ("write ana.ruiz(at)example[dot]org", "ana.ruiz(at)example[dot]org", Label.EMAIL),
    ("ana @ example . org", "ana @ example . org", Label.EMAIL),
    ("my email is ana ruiz gmail com thanks", "ana ruiz gmail com", Label.EMAIL),
    # network
    ("see https://harbour.example/p/7731?x=1.", "https://harbour.example/p/7731?x=1", Label.URL),
    ("on www.example.org/me)", "www.example.org/me", Label.URL),
    ("from 192.0.2.7 today", "192.0.2.7", Label.IP),
    ("2001:db8::7 logged in", "2001:db8::7", Label.IP),
    ("mac 00:00:5e:00:53:af", "00:00:5e:00:53:af", Label.ID),
    ("@mara_quill wrote", "@mara_quill", Label.USERNAME),
    ("my username is mquill88", "mquill88", Label.USERNAME),
    # telephone
    ("call (860) 555-0142", "(860) 555-0142", Label.PHONE),
    ("my cell 8605550142", "8605550142", Label.PHONE),
    ("+44 1632 960983 please", "+44 1632 960983", Label.PHONE),
    ("phone 555-0142 ext. 12", "555-0142 ext. 12", Label.PHONE),
    ("call five five five oh one four two", "five five five oh one four two", Label.PHONE),
    ("fax: 0161 496 0000", "0161 496 0000", Label.PHONE),
    # cards and banks
    ("4111 1111 1111 1111 exp 4/29", "4111 1111 1111 1111", Label.CARD),
    ("378282246310005", "378282246310005", Label.CARD),
    ("card ending in 4242", "4242", Label.CARD),
    ("DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 00", Label.IBAN),
    ("routing 021000021", "021000021", Label.ID),
    ("account number 000123456789", "000123456789", Label.ID),
    ("sort code 20-00-00", "20-00-00", Label.ID),
    # national numbers
    ("ssn 219-09-9999", "219-09-9999", Label.ID),
    ("last four of my social 9999", "9999", Label.ID),
    ("NI QQ 12 34 56 C", "QQ 12 34 56 C", Label.ID),
    ("dni 12345678Z", "12345678Z", Label.ID),
    ("nie X1234567L", "X1234567L", Label.ID),
    ("RSSMRA85T10A562S", "RSSMRA85T10A562S", Label.ID),
    ("my pps 1234567T", "1234567T", Label.ID),
    ("tfn 123 456 782", "123 456 782", Label.ID),
    ("ird 49-091-850", "49-091-850", Label.ID),
    ("aadhaar 2341 2341 2346", "2341 2341 2346", Label.ID),
    ("pan ABCPE1234F", "ABCPE1234F", Label.ID),
    ("steuernummer 86 095 742 719", "86 095 742 719", Label.ID),
    ("nir 2 95 10 99 126 111 93", "2 95 10 99 126 111 93", Label.ID),
    ("passport no 512349876", "512349876", Label.ID),
    ("driver's license S530-4609-8765", "S530-4609-8765", Label.ID),
    # health care
    ("NPI 1234567893", "1234567893", Label.ID),
    ("dea AB1234563", "AB1234563", Label.ID),
    ("medicare 1EG4-TE5-MK73", "1EG4-TE5-MK73", Label.ID),
    ("nhs number 943 476 5919", "943 476 5919", Label.ID),
    ("MRN: 4471902", "4471902", Label.ID),
    ("serial no PM-4471902", "PM-4471902", Label.ID),
    ("(01)00844588003288(17)261120", "(01)00844588003288(17)261120", Label.ID),
    # vehicles, records
    ("vin 1M8GDM9AXKP042788", "1M8GDM9AXKP042788", Label.ID),
    ("it is BD51 SMR", "BD51 SMR", Label.ID),
    ("license plate 7ABC 123", "7ABC 123", Label.ID),
    ("policy number 88-4471-90", "88-4471-90", Label.ID),
    ("Case No. 3:24-cv-01187-ABC", "3:24-cv-01187-ABC", Label.ID),
    ("docket HHD-FA-19-6112233-S", "HHD-FA-19-6112233-S", Label.ID),
    ("application no. 36110/97", "36110/97", Label.ID),
    # dates and ages
    ("on 3 November 2026 at 5", "3 November 2026", Label.DATE),
    ("Nov. 3rd, 2026", "Nov. 3rd, 2026", Label.DATE),
    ("2026-11-03", "2026-11-03", Label.DATE),
    ("due 25.12.2026", "25.12.2026", Label.DATE),
    ("come next Tuesday", "next Tuesday", Label.DATE),
    ("three weeks ago", "three weeks ago", Label.DATE),
    ("dob 03/11/85", "03/11/85", Label.DATE),
    ("el 3 de noviembre de 2026", "3 de noviembre de 2026", Label.DATE),
    ("since last March", "March", Label.DATE),
    ("book me for the 7th please", "the 7th", Label.DATE),
    ("the 9th of this month", "the 9th of this month", Label.DATE),
    ("my mum is 92 years old", "92 years old", Label.AGE),
    ("aged 91", "91", Label.AGE),
    ("I'm 41, and", "41", Label.AGE),
    # places
    ("14 Larch Hill Road, Apt 3 please", "14 Larch Hill Road, Apt 3", Label.ADDRESS),
    ("P.O. Box 771", "P.O. Box 771", Label.ADDRESS),
    ("Calle Mayor 12", "Calle Mayor 12", Label.ADDRESS),
    ("Lindenstraße 4", "Lindenstraße 4", Label.ADDRESS),
    ("CT 06103", "06103", Label.ZIP),
    ("06103-1234", "06103-1234", Label.ZIP),
    ("SW1A 1AA", "SW1A 1AA", Label.ZIP),
    ("K1A 0B6", "K1A 0B6", Label.ZIP),
]


@pytest.mark.parametrize(("text", "identifier", "label"), FOUND, ids=[row[1] for row in FOUND])
def test_it_is_found(text: str, identifier: str, label: Label) -> None:
    assert (identifier, label) in [(text[span.start : span.end], span.label) for span in FINDER.find(text)]


@pytest.mark.parametrize("row", FOUND, ids=[row[1] for row in FOUND])
def test_nothing_of_it_is_left_in_other_company(row: tuple[str, str, Label]) -> None:
    text = f"Hello there. {row[0]} Thank you, and see you."
    start = text.index(row[1])
    covered = {place for span in FINDER.find(text) for place in range(span.start, span.end)}
    assert all(place in covered for place in range(start, start + len(row[1])) if text[place].isalnum())


@pytest.mark.parametrize(
    "text",
    [
        "The fee is $1,250.00 for 12 visits.",
        "Version 3.11.2 of the form has 48 pages.",
        "May I come in? I may be late.",
        "You can march in and see us.",
        "We have 3 rooms and 120 chairs.",
        "It costs 5% more, about 40 euros.",
        "Call 911 in an emergency.",
        "Take two of them three times, then one.",
        "Open from 8:30 to 17:00.",
        "In 2026 we opened.",
        "See section 1983 and page 12 of 30.",
        "and/or 1/2 of it, at 24/7 service",
        "On the 2nd floor, the 1st time, in the 3rd row.",
        "I second that, and the first one too.",
        "Room temperature is 21.5 degrees, 98.6 F inside.",
    ],
)
def test_ordinary_words_and_numbers_stay(text: str) -> None:
    assert [text[span.start : span.end] for span in FINDER.find(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "219\u200b-09-\u200b9999",
        "２１９-09-9999",
        "219\u00ad-09-9999",
        "219–09–9999",
    ],
)
def test_signs_that_nobody_sees_hide_nothing(text: str) -> None:
    spans = FINDER.find(f"ssn {text} ok")
    assert [(span.start, span.end, span.label) for span in spans] == [(4, 4 + len(text), Label.ID)]


def test_look_alike_letters_hide_nothing() -> None:
    text = "write to аnа@exаmple.org"
    assert [text[span.start : span.end] for span in FINDER.find(text)] == ["аnа@exаmple.org"]


def test_a_number_that_was_mistyped_is_found_by_its_word() -> None:
    assert [span.label for span in FINDER.find("my iban is DE89 3704 0044 0532 0130 01")] == [Label.IBAN]


def test_every_span_says_why() -> None:
    for text, identifier, _ in FOUND:
        assert all(span.why and identifier not in span.why for span in FINDER.find(text))
