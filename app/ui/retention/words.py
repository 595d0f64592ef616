"""The words of the page of retention and its sheets."""

from datetime import date

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from app.compliance.clock_doubt import ClockDoubt
from app.compliance.due import Line
from app.compliance.holds import Hold
from app.compliance.rules import RetentionClass, RetentionRules, StartEvent, Unit
from app.services.erasing.service import ErasePreview, Erasure
from app.services.retention.rules import RulesInForce
from app.ui.inbox.ages import counted, short_date
from app.ui.retention.state import RetentionState


def day_words(day: date) -> str:
    """A day as people say it: "24 Nov 2026"."""
    return QLocale().toString(QDate(day.year, day.month, day.day), "d MMM yyyy")


def conversations(number: int) -> str:
    """A number with its noun: "1 conversation", "12 conversations"."""
    return counted(number, _tr("conversation"), _tr("conversations"))


def headline(state: RetentionState) -> str:
    """One line that says whether something is to be done."""
    if state.preview is None:
        return _tr("Reading the conversations…")
    if not state.preview.in_force.is_signed:
        return _tr("Nobody has signed the rules yet")
    if not state.due:
        return _tr("Nothing is due")
    return _tr("{conversations} may go").format(conversations=conversations(len(state.due)))


def explanation(state: RetentionState) -> str:
    """What the headline means."""
    if state.preview is None:
        return ""
    plan = state.preview.plan
    if not state.preview.in_force.is_signed:
        words = _tr("What ships is a starting point. Read it, change what differs where you are, then sign it.")
        if state.due:
            words += " " + _tr("By it, {conversations} would be due.").format(
                conversations=conversations(len(state.due))
            )
        return words
    if not plan.total:
        return _tr("There is no conversation in this vault.")
    if not state.due:
        return _tr("All {count} conversations are within their time, or held.").format(
            count=QLocale().toString(plan.total)
        )
    return _tr("Their time is over by the rules of this office. Nothing goes by itself: somebody looks, and confirms.")


def doubt_words(doubt: ClockDoubt | None) -> str:
    """Why the clock may be wrong."""
    return {
        None: "",
        ClockDoubt.BEHIND: _tr("This vault has already seen a later time than the clock of this machine shows."),
        ClockDoubt.JUMPED: _tr("The clock of this machine has jumped since the vault was opened."),
        ClockDoubt.GAP: _tr("By the clock of this machine nobody has opened this vault for more than two weeks."),
    }[doubt]


def duration_words(kept_as: RetentionClass) -> str:
    """How long a class is kept: "10 years after the last message", "6 years after closing, to the end of the year"."""
    number = kept_as.keep.number
    span = {
        Unit.DAYS: counted(number, _tr("day"), _tr("days")),
        Unit.MONTHS: counted(number, _tr("month"), _tr("months")),
        Unit.YEARS: counted(number, _tr("year"), _tr("years")),
    }[kept_as.keep.unit]
    start = {
        StartEvent.LAST_MESSAGE: _tr("{span} after the last message"),
        StartEvent.CLOSED: _tr("{span} after closing"),
    }[kept_as.starts].format(span=span)
    return _tr("{start}, to the end of the year").format(start=start) if kept_as.to_end_of_year else start


def due_words(line: Line, rules: RetentionRules) -> str:
    """Why one conversation may go."""
    kept_as = rules.class_of(line.class_id)
    return _tr("since {day}  ·  {title}").format(day=day_words(line.due_on), title=kept_as.title)


def hold_words(hold: Hold, today: date) -> str:
    """Who holds it, why, and when somebody looks again."""
    if hold.is_overdue(today):
        return _tr("{owner}: {reason}  ·  should have been reviewed on {day}").format(
            owner=hold.owner, reason=hold.reason, day=day_words(hold.review_on)
        )
    return _tr("{owner}: {reason}  ·  review by {day}").format(
        owner=hold.owner, reason=hold.reason, day=day_words(hold.review_on)
    )


def signature_words(in_force: RulesInForce, now_ms: int) -> str:
    """Who answers for the rules."""
    if in_force.signed_ms is None:
        return _tr("{title}. Not signed.").format(title=in_force.rules.title)
    return _tr("{title}. Signed by {name} on {day}.").format(
        title=in_force.rules.title, name=in_force.signed_by or "", day=short_date(in_force.signed_ms, now_ms)
    )


def going_words(found: ErasePreview) -> str:
    """What erasing one conversation takes away."""
    parts = [counted(found.messages, _tr("message"), _tr("messages"))]
    if found.notes:
        parts.append(counted(found.notes, _tr("note"), _tr("notes")))
    if found.drafts:
        parts.append(counted(found.drafts, _tr("draft"), _tr("drafts")))
    return ", ".join(parts)


def outcome_words(erasure: Erasure) -> str:
    """What was done, and what the hunt found."""
    done = _tr("{conversations} erased for good.").format(
        conversations=conversations(len(erasure.certificate.conversation_ids))
    )
    hunt = erasure.certificate.json["hunt"]
    if hunt is None:
        return done
    files = QLocale().toString(sum(int(place["files"]) for place in hunt["places"]))
    if erasure.certificate.is_clean:
        return f"{done} " + _tr("Words and keys were looked for in {files} files and not found.").format(files=files)
    if erasure.hits:
        return f"{done} " + _tr("But words still stand in {count} of {files} files, which only you can remove:").format(
            count=len(erasure.hits), files=files
        )
    return f"{done} " + _tr("But the search for words that are left did not work everywhere.")


def problem_words(code: str) -> str:
    """What went wrong, and what became of the conversations."""
    return {
        "retention_stale_preview": _tr("Something changed while you were looking. Nothing was erased; look again."),
        "retention_not_signed": _tr("The rules are not signed. Nothing was erased."),
        "retention_nothing_due": _tr("Nothing is due any more."),
        "retention_too_many": _tr("The number was not confirmed. Nothing was erased."),
        "retention_clock_unsure": _tr("That is not the day that the clock shows. Nothing was erased."),
        "held_by_law": _tr("A legal hold stands in the way. Nothing was erased."),
        "no_such_conversation": _tr("This conversation is not here any more."),
        "redaction_reply_is_held": _tr("A reply is on its way here. Try again in a moment."),
        "redaction_span_outside": _tr("The message has changed meanwhile. Nothing was taken out."),
        "redaction_no_such_message": _tr("The message is not here any more."),
        "redaction_nothing_left": _tr("There are no words to take out."),
        "redaction_is_a_file": _tr("An attachment goes whole: select its whole name. Nothing was taken out."),
        "hold_review_day": _tr("The day of review must lie ahead, and within a year."),
        "no_such_hold": _tr("This hold was released already."),
        "takes_administrator": _tr("This takes an administrator. Nothing was changed."),
        "takes_it": _tr("This is for administrators, auditors and IT."),
        "takes_auditor": _tr("This is for administrators, auditors and IT."),
        "never_a_message": _tr("Your role never sees a message, so it cannot do this."),
        "takes_professional": _tr("This takes a professional of the office. Nothing was changed."),
        "text_empty": _tr("Some words are needed."),
        "name_empty": _tr("A name is needed."),
        "disk_full": _tr("The disk is full. What had begun is finished at the next unlock."),
        "disk_failed": _tr("The disk reported an error. What had begun is finished at the next unlock."),
        "file": _tr("The file could not be written."),
    }.get(code, _tr("It did not work. What had begun is finished at the next unlock."))


def _tr(text: str) -> str:
    return QCoreApplication.translate("retention", text)
