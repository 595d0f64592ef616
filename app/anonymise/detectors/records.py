"""Numbers that offices give: policy, claim, member, case, docket, invoice, order: Safe Harbor H to K and R.

``policy number 88-4471-90``, ``claim #A-20391``, ``member id XQH 3311 9082``, ``Case No. 3:24-cv-01187``, ``docket
HHD-FA-19-6112233-S``, ``application no. 36110/97`` and its lists (European Court of Human Rights), ``[2019] EWCA Civ 1416`` is a published
citation and stays. Out of scope: paragraphs of law ("section 1983").
"""

from app.anonymise.detectors.patterns import Pattern, shape, words
from app.anonymise.labels import Label
from app.anonymise.spans import Ground

_NAMED = r"""(?:policy|claims?|member(?:ship)?|insur(?:ance|ed)|group|subscriber|reference|ref|case|docket|file|matter|
    invoice|order|booking|confirmation|account|acct|customer|client|patient|employee|badge|bar|registration|
    application|certificate|warrant|ticket|report|incident|tracking|receipt|contract|loan|folio|expediente|p[oó]liza|student|visa|permit)"""

_NAMED_CUES = (
    "polic", "claim", "member", "insur", "group", "subscrib", "ref", "case", "docket", "file", "matter", "invoice",
    "order", "booking", "confirm", "acc", "customer", "client", "patient", "employ", "badge", "bar", "registr",
    "applicat", "certif", "warrant", "ticket", "report", "incident", "track", "receipt", "contract", "loan",
    "folio", "expediente", "liza", "póliza", "student", "visa", "permit",
)  # fmt: skip
"""Beginnings of ``_NAMED``: a text without any of them is not searched."""

PATTERNS = (
    Pattern(
        "record.named",
        Label.ID,
        shape(
            rf"""\b{_NAMED}\s*(?:no\b\.?|nos\b\.?|number|num\b\.?|nr\b\.?|id\b|code|\#)\s*(?:is|was|:|=|-|\#)?\s*\#?\s*
            (?P<id>(?=[a-z/\s.:-]{{0,8}}\d)[a-z0-9](?:[a-z0-9]|[/.:-](?=[a-z0-9])|\s(?=\d)){{2,30}})"""
        ),
        Ground.PROOF,
        needs="0",
        cues=_NAMED_CUES,
    ),
    Pattern(
        "record.hash",
        Label.ID,
        shape(rf"\b{_NAMED}\s*(?:is|:|\#|=)\s*\#?\s*(?P<id>(?=[a-z/-]{{0,6}}\d)[a-z0-9][a-z0-9/-]{{3,30}})\b"),
        Ground.SHAPE,
        needs="0",
        cues=_NAMED_CUES,
    ),
    Pattern(
        "record.beside",
        Label.ID,
        shape(
            rf"\b{_NAMED}\s(?P<id>(?=[a-z/-]{{0,5}}\d)(?:[a-z]{{1,4}}[/-]?\d{{2,10}}(?:[/-]\d{{1,8}}){{0,3}}|\d{{2,8}}(?:[/-]\d{{1,8}}){{1,3}}|\d{{4,10}}))\b(?!\s?(?:%|am|pm|dollars|days|people|pages|hours|minutes))"
        ),
        Ground.GUESS,
        needs="0",
        digits=2,
        cues=_NAMED_CUES,
    ),
    Pattern(
        "record.code",
        Label.ID,
        shape(
            rf"\b{_NAMED}\s(?P<id>(?=[a-z0-9-]{{0,9}}\d)(?=[0-9-]{{0,9}}[a-z])[a-z0-9]{{2,6}}-[a-z0-9]{{2,6}}(?:-[a-z0-9]{{1,6}})?)\b"
        ),
        Ground.SHAPE,
        needs="0",
        cues=_NAMED_CUES,
    ),
    Pattern("record.bare", Label.ID, shape(r"^\s*[a-z]{1,3}-\d{4,9}\s*$"), Ground.SHAPE, needs="-"),
    Pattern(
        "alien_number",
        Label.ID,
        shape(r"\ba[\s-]?(?:\d{3}[\s-]\d{3}[\s-]\d{3}|\d{9})\b"),
        Ground.SHAPE,
        needs="0",
        digits=9,
    ),
    Pattern(
        "case.us_federal",
        Label.ID,
        shape(r"\b\d{1,2}:\d{2}-(?:cv|cr|mj|bk|ap|mc|md)-\d{3,6}(?:-[a-z]{2,4}){0,3}\b"),
        Ground.PROOF,
        needs=":",
    ),
    Pattern(
        "case.echr",
        Label.ID,
        shape(r"\b\d{1,6}/\d{2}\b(?!/\d)"),
        Ground.SHAPE,
        context=words(r"nos?\.?", "applications?", "case"),
        needs_context=True,
        needs="/",
    ),
    Pattern("case.echr.long", Label.ID, shape(r"(?<![\w/.-])\d{4,6}/\d{2}(?![\w/]|-\d)"), Ground.SHAPE, needs="/"),
    Pattern(
        "case.state", Label.ID, shape(r"\b[a-z]{2,4}-[a-z]{2,3}-\d{2}-\d{4,8}(?:-[a-z])?\b"), Ground.PROOF, needs="-"
    ),
    Pattern(
        "case.of_year",
        Label.ID,
        shape(r"\b(?:nos?\.?|number)\s{0,2}(?P<id>\d{1,6}\s?(?:of|/)\s?(?:19|20)\d{2})\b"),
        Ground.SHAPE,
        needs="0",
        digits=5,
    ),
    Pattern(
        "code.long",
        Label.ID,
        shape(
            r"(?<![\w.,$£€-])(?=[a-z-]*\d)(?=[\d-]*[a-z])(?=(?:[a-z-]*\d){4})[a-z0-9]{2,}(?:-[a-z0-9]+){0,5}(?![\w-])(?<=.{8})"
        ),
        Ground.GUESS,
        needs="0",
    ),
    Pattern(
        "number.long",
        Label.ID,
        shape(r"(?<![\w.,$£€/-])\d(?:[\s-]?\d){6,24}(?![\w,/-]?\d)(?!\s?%)"),
        Ground.GUESS,
        needs="0",
        digits=7,
    ),
)
