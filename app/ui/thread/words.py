"""The words under and between messages: how a reply came to be, and what happened to the conversation."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QLocale

from app.domain.channel import Delivery, FileInfo
from app.domain.conversation import Provenance
from app.domain.ids import PersonId
from app.ui.components.untrusted import readable_line
from app.ui.inbox.ages import clock_words, short_date


def notice_words(code: str, actor: str, name_of: Callable[[PersonId | None], str | None], wall_ms: int) -> str:
    """The words of a notice; the store keeps a code with an argument ("assigned:PERSON_ID")."""
    kind, _colon, argument = code.partition(":")
    who = readable_line(actor)
    known = {
        "opened": _opened_words(argument),
        "assigned": _tr("{who} gave this to {name}").format(who=who, name=name_of(PersonId(argument)) or ""),
        "unassigned": _tr("{who} gave this back").format(who=who),
        "urgency": _tr("{who} set the urgency to {word}").format(
            who=who, word=_urgency_words().get(argument, argument)
        ),
        "interlock": _tr("Words of the emergency list were found: raised to emergency"),
        "snoozed": _tr("{who} snoozed this").format(who=who),
        "done": _tr("{who} marked this done").format(who=who),
        "reopened": _tr("Back in the inbox"),
        "hold_placed": _tr("{who} placed a legal hold").format(who=who),
        "hold_released": _tr("{who} released a legal hold").format(who=who),
        "redacted": _tr("{who} took words out of a message").format(who=who),
        "consent_given": _tr("They agreed to version {version} of what they read").format(
            version=readable_line(argument)
        ),
        "consent_withdrawn": _tr("They withdrew: no model reads this conversation from now on"),
        "assistant_on": _tr("They allowed the assistant"),
        "assistant_off": _tr("They chose to talk without the assistant"),
        "visitor_ended": _tr("They ended the conversation"),
        "desk_ended": _tr("{who} ended the conversation").format(who=who),
        "erasure_asked": _tr("They ask to have all this erased: it is a request about own data"),
        "file_lost": _tr("A file of theirs was lost at the gateway: they are asked to send it again"),
        "file_asked": _tr("A file for them was lost at the gateway: it is sent again"),
        "away_sent": _tr("Nobody was here: the words for that went out"),
        "safety_compared": _tr("{who} compared the safety number by phone").format(who=who),
        "gap": _tr("A message is missing: a later one arrived before it"),
        "late": _tr("The message above was written before others that arrived earlier"),
        "unreadable": _tr("Something came that cannot be opened here"),
        "flood": _tr("More came at once than is taken: the rest waits at the gateway"),
        "fork": _tr("Two different messages claimed the same place: neither is believed"),
        "changed": _tr("Their key is not the one of before"),
    }
    if kind == "identity":
        return _identity_words(who, argument)
    if kind == "snoozed" and argument.isdigit():
        return _tr("{who} snoozed this until {moment}").format(who=who, moment=clock_words(int(argument), wall_ms))
    return known.get(kind, readable_line(code))


def _identity_words(who: str, means: str) -> str:
    return {
        "called_back": _tr("{who} confirmed the identity: called back"),
        "photo_id": _tr("{who} confirmed the identity: photo ID"),
        "known": _tr("{who} confirmed the identity: known to the office"),
    }.get(means, _tr("{who} took the confirmed identity back")).format(who=who)


def _opened_words(origin: str) -> str:
    return {
        "phone": _tr("Written down from a phone call"),
        "walk_in": _tr("Written down from a walk-in"),
        "pasted": _tr("Pasted in"),
        "imported": _tr("Imported"),
        "channel": _tr("Came in over the patient channel"),
    }.get(origin, _tr("Opened"))


def _urgency_words() -> dict[str, str]:
    return {
        "routine": _tr("routine"),
        "soon": _tr("soon"),
        "urgent": _tr("urgent"),
        "emergency": _tr("emergency"),
    }


def provenance_words(provenance: Provenance | None, untrusted_author: str, now_ms: int) -> str:
    """How a sent message came to be, in words that staff can check."""
    author = readable_line(untrusted_author, 60)
    if provenance is None:
        return _tr("Sent before this vault, imported")
    if provenance.proposal_id is None:
        words = _tr("Written by {author} with {sources}") if provenance.sources else _tr("Written by {author}")
        return words.format(author=author, sources=_source_words(provenance, now_ms))
    changed = provenance.changed_percent
    how = _tr("unchanged") if changed == 0 else _tr("{percent} % changed").format(percent=changed)
    origin = _tr("Proposed without a source")
    if provenance.sources:
        model = readable_line(provenance.model_name or "", 60)
        sources = _source_words(provenance, now_ms)
        origin = _tr("Proposed by {model} from {sources}") if model else _tr("Proposed from {sources}")
        origin = origin.format(model=model, sources=sources)
    return _tr("{origin}, approved by {author}, {how}").format(origin=origin, author=author, how=how)


def delivery_words(delivery: Delivery) -> str:
    """Where a sent message is now."""
    return {
        Delivery.WAITING: _tr("Waiting here for the gateway"),
        Delivery.STORED: _tr("At the gateway, not fetched yet"),
        Delivery.DELIVERED: _tr("Delivered to their browser"),
        Delivery.READ: _tr("Read"),
    }[delivery]


def file_line(info: FileInfo) -> str:
    """What stands under the name of an attachment."""
    size = QLocale().formattedDataSize(info.size, 1, QLocale.DataSizeFormat.DataSizeSIFormat)
    if info.is_lost:
        return _tr("Attachment, {size}, lost at the gateway. They were asked to send it again.").format(size=size)
    where = _tr("in the vault") if info.is_here else _tr("still at the gateway")
    if info.is_fetched:
        where = _tr("in the vault, and fetched by them")
    return _tr("Attachment, {size}, {where}. O shows it.").format(size=size, where=where)


def _source_words(provenance: Provenance, now_ms: int) -> str:
    words = []
    for title, approved_on in dict.fromkeys((source.title, source.approved_on) for source in provenance.sources):
        words.append(readable_line(title))
        if approved_on is not None:
            moment_ms = int(approved_on.strftime("%s")) * 1000
            words[-1] += _tr(" (approved {day})").format(day=short_date(moment_ms, now_ms))
    return ", ".join(words)


def _tr(text: str) -> str:
    return QCoreApplication.translate("thread", text)
