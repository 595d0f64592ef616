"""Handles and user names: Safe Harbor R ("any other unique identifying characteristic"); GDPR recital 30.

``@mara_quill``, ``my username is mquill88``, ``insta: mara.quill``, ``u/mquill``.

Out of scope: a word behind @ that stands for "at" ("see you @ noon"), which has a space behind it.
"""

from app.anonymise.detectors.patterns import Pattern, shape
from app.anonymise.labels import Label
from app.anonymise.spans import Ground

PATTERNS = (
    Pattern("handle", Label.USERNAME, shape(r"(?<![\w@.])@[a-z_][\w.]{1,29}(?<!\.)(?!\w*@)"), Ground.SHAPE, needs="@"),
    Pattern("handle.reddit", Label.USERNAME, shape(r"(?<![\w/])u/[\w-]{3,20}\b"), Ground.SHAPE, needs="/"),
    Pattern(
        "handle.named",
        Label.USERNAME,
        shape(
            r"""\b(?:user\s?name|user\s?id|login(?:\s(?:name|id))?|screen\s?name|handle|insta(?:gram)?|snap(?:chat)?|telegram|
            twitter|tiktok|skype|signal\sname|discord)\s*(?:is|:|=|-|was|\s)\s*["']?
            (?P<id>(?=[\w.#-]*[\d_.#-])[a-z0-9][\w.#-]{2,29}(?<!\.))"""
        ),
        Ground.SHAPE,
        cues=(
            "user",
            "login",
            "screen",
            "handle",
            "insta",
            "snap",
            "telegram",
            "twitter",
            "tiktok",
            "skype",
            "signal",
            "discord",
        ),
    ),
)
