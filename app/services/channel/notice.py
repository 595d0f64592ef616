"""What patients read before they consent: the office's own words, checked, and as the signed page wants them."""

from dataclasses import asdict, fields, replace
from typing import Any

from app.channel.issuing import write_notice
from app.channel.records import Notice
from app.domain.channel import NoticeTexts
from app.domain.events import JsonValue
from app.domain.office import Office
from app.services.errors import ChannelFault, ChannelRefusedError

_LISTS = ("emergency", "languages")


def notice_data(texts: NoticeTexts, office: Office) -> bytes:
    """Return the bytes of the notice.

    Raises:
        ChannelRefusedError: a part is empty or too long.
    """
    record = Notice(
        version=texts.version,
        name=office.name,
        sector=office.sector.value,
        country=texts.country,
        phone=texts.phone,
        emergency=texts.emergency,
        keeps_days=texts.keeps_days,
        assistant=texts.is_assistant_offered,
        languages=texts.languages,
        who=texts.who,
        withdraw=texts.withdraw,
    )
    try:
        return write_notice(record)
    except ValueError:
        raise ChannelRefusedError(ChannelFault.NOTICE) from None


def next_version(texts: NoticeTexts, before: NoticeTexts | None) -> NoticeTexts:
    """Return the texts with the version they get: one more when what a patient agrees to is another."""
    if before is None:
        return replace(texts, version=1)
    is_same = replace(texts, version=0, is_open_door=False) == replace(before, version=0, is_open_door=False)
    return replace(texts, version=before.version if is_same else before.version + 1)


def notice_to_json(texts: NoticeTexts) -> dict[str, JsonValue]:
    """Return the texts as JSON values."""
    plain = asdict(texts)
    return plain | {name: list(plain[name]) for name in _LISTS}


def notice_from_json(json: dict[str, Any]) -> NoticeTexts:
    """Return what ``notice_to_json`` wrote."""
    plain = {field.name: json[field.name] for field in fields(NoticeTexts)}
    return NoticeTexts(**plain | {name: tuple(json[name]) for name in _LISTS})
