"""The words of the audit log."""

from PySide6.QtCore import QCoreApplication, QLocale

from app.domain.events import EventKind
from app.services.evidence.audit_log import AuditReport
from app.store.chain import LogFault


def action_words(action: str) -> str:
    """What somebody did; an action of a newer program is shown by its code."""
    return _actions().get(action, action.replace("_", " "))


def object_words(object_id: str) -> str:
    """The office, or the end of a conversation's id: enough to tell two apart."""
    return _tr("the office") if object_id == "office" else _tr("conversation …{end}").format(end=object_id[-6:])


def report_words(report: AuditReport) -> str:
    """What a check found, in one or two sentences."""
    count = QLocale().toString(report.events)
    if report.is_sound:
        words = _tr("The log is whole: {count} events, {signed} checkpoints in it.")
        return words.format(count=count, signed=report.own.checked)
    if report.problems:
        first = report.problems[0]
        words = _tr("The log is NOT what was written. The first entry that does not fit is {number}: {fault}.")
        return words.format(number=first.seq, fault=_faults().get(first.fault, first.fault.value))
    return _tr("A checkpoint does not fit: the log was cut off or written anew behind entry {number}.").format(
        number=(*report.own.broken, *report.witnessed.broken)[0]
    )


def _faults() -> dict[LogFault, str]:
    return {
        LogFault.CHANGED: _tr("it was changed"),
        LogFault.MISSING: _tr("it was removed"),
        LogFault.MOVED: _tr("it was moved"),
        LogFault.CUT_OFF: _tr("the log ends before it"),
        LogFault.UNKNOWN_TAIL: _tr("it is another one than was last acknowledged"),
        LogFault.WORDS_MISSING: _tr("its words are gone though nothing replaced them"),
        LogFault.UNREADABLE: _tr("it cannot be read"),
    }


def _actions() -> dict[str, str]:
    known = {
        EventKind.CONVERSATION_OPENED: _tr("began a conversation"),
        EventKind.MESSAGE_RECEIVED: _tr("took a message in"),
        EventKind.DRAFT_PROPOSED: _tr("got a proposal"),
        EventKind.DRAFT_DISCARDED: _tr("discarded a proposal"),
        EventKind.TEXT_SAVED: _tr("kept unsent text"),
        EventKind.REPLY_HELD: _tr("approved a reply"),
        EventKind.REPLY_RECALLED: _tr("took a reply back"),
        EventKind.MESSAGE_SENT: _tr("sent a reply"),
        EventKind.NOTE_ADDED: _tr("wrote a note"),
        EventKind.ASSIGNED: _tr("assigned it"),
        EventKind.URGENCY_SET: _tr("set the urgency"),
        EventKind.CONTACT_DESCRIBED: _tr("wrote down what is known of the contact"),
        EventKind.IDENTITY_RAISED: _tr("confirmed the identity"),
        EventKind.SNOOZED: _tr("snoozed it"),
        EventKind.MARKED_DONE: _tr("marked it done"),
        EventKind.REOPENED: _tr("took it back into the inbox"),
        EventKind.SEEN: _tr("read new messages"),
        EventKind.LOOKED_AT: _tr("opened it"),
        EventKind.EXPORTED: _tr("took it out as a file"),
        EventKind.ANONYMISED_SET_EXPORTED: _tr("took several conversations out, anonymised"),
        EventKind.HOLD_PLACED: _tr("placed a legal hold"),
        EventKind.HOLD_RELEASED: _tr("released a legal hold"),
        EventKind.RETENTION_CLASSED: _tr("chose how long it is kept"),
        EventKind.MESSAGE_REDACTED: _tr("took words out"),
        EventKind.ERASED: _tr("erased it"),
        EventKind.ERASURE_CERTIFIED: _tr("got a certificate of erasure"),
        EventKind.RETENTION_SIGNED: _tr("signed the rules of retention"),
        EventKind.OFFICE_NAMED: _tr("named the office"),
        EventKind.ARTICLE_APPROVED: _tr("approved an answer"),
        EventKind.ARTICLE_WITHDRAWN: _tr("withdrew an answer"),
        EventKind.INTERLOCK_SIGNED: _tr("signed the emergency list"),
        EventKind.OFFICE_RULE_SET: _tr("set a rule of finding"),
        EventKind.OFFICE_RULE_REMOVED: _tr("removed a rule of finding"),
        EventKind.ANONYMISING_CASE_KEPT: _tr("kept a case for the test set"),
        EventKind.ANONYMISING_CASE_DROPPED: _tr("dropped a case of the test set"),
        EventKind.ANONYMISED_MAPPED: _tr("copied what would leave, anonymised"),
        EventKind.CONSENT_GIVEN: _tr("a visitor agreed to what stands on the page"),
        EventKind.CONSENT_WITHDRAWN: _tr("a visitor withdrew the consent"),
        EventKind.ASSISTANT_SET: _tr("a visitor switched the assistant on or off"),
        EventKind.FILE_RECEIVED: _tr("received an attachment"),
        EventKind.FILE_SENT: _tr("sent an attachment"),
        EventKind.FILE_KEPT: _tr("fetched an attachment whole"),
        EventKind.FILE_LOST: _tr("an attachment was lost at the gateway"),
        EventKind.FILE_FETCHED: _tr("a visitor fetched an attachment"),
        EventKind.FILE_ASKED: _tr("a visitor asked for a lost attachment again"),
        EventKind.MESSAGE_DELIVERED: _tr("messages reached a visitor's browser"),
        EventKind.MESSAGE_READ: _tr("a visitor read what was sent"),
        EventKind.VISITOR_ENDED: _tr("a visitor ended the conversation"),
        EventKind.DESK_ENDED: _tr("ended a conversation of the channel"),
        EventKind.ERASURE_ASKED: _tr("a visitor asked to have it erased"),
        EventKind.IDENTITY_CHECKED: _tr("compared a safety number by phone"),
        EventKind.CHANNEL_ALARMED: _tr("the channel raised an alarm"),
        EventKind.AWAY_SENT: _tr("sent the words for when nobody is here"),
        EventKind.CHANNEL_TURNED_ON: _tr("turned the patient channel on"),
        EventKind.CHANNEL_TURNED_OFF: _tr("turned the patient channel off"),
        EventKind.OFFICE_KEYS_MADE: _tr("made the office's keys and its root code"),
        EventKind.CARD_RENEWED: _tr("renewed the office's card"),
        EventKind.INVITATION_MADE: _tr("made an invitation"),
        EventKind.INVITATION_REVOKED: _tr("took an invitation back"),
        EventKind.HOURS_SET: _tr("set hours and holidays"),
        EventKind.NOTICE_SET: _tr("set what patients read first"),
        EventKind.MAILBOXES_WIPED: _tr("wiped what the gateway held"),
        EventKind.PERSON_ADDED: _tr("added a person"),
        EventKind.PERSON_CHANGED: _tr("changed a person's role"),
        EventKind.PERSON_DISABLED: _tr("removed a person"),
        EventKind.SIGN_IN_RESET: _tr("gave somebody a new password"),
        EventKind.SIGN_IN_CHANGED: _tr("changed the own password"),
        EventKind.SIGN_IN_REFUSED: _tr("wrong passwords were tried"),
        EventKind.SECOND_FACTOR_SET: _tr("set up a second factor"),
        EventKind.SECOND_FACTOR_REMOVED: _tr("removed a second factor"),
        EventKind.SECOND_FACTOR_REFUSED: _tr("the right password came with wrong codes"),
        EventKind.SPARE_CODE_USED: _tr("used a printed code in place of the phone"),
        EventKind.RECOVERY_PROVEN: _tr("proved that the printed way in works"),
        EventKind.EMERGENCY_OPENED: _tr("got emergency access to it"),
        EventKind.EMERGENCY_ENDED: _tr("ended an emergency access"),
        EventKind.EMERGENCY_REVIEWED: _tr("reviewed an emergency access"),
        EventKind.IDLE_LIMITS_SET: _tr("set after how long the console locks"),
        EventKind.WALL_SET: _tr("set a wall round it"),
        EventKind.WALL_LOWERED: _tr("took the wall round it away"),
        EventKind.RECOVERY_RENEWED: _tr("made another recovery code"),
        EventKind.KEYS_ROTATED: _tr("changed the keys of the vault"),
        EventKind.RECOVERY_SHARED: _tr("made printed shares"),
        EventKind.BACKUP_TAKEN: _tr("took a backup"),
        EventKind.SUBJECT_REQUEST_TAKEN: _tr("took a request about somebody's own data"),
        EventKind.SUBJECT_REQUEST_CLOSED: _tr("closed a request about somebody's own data"),
        EventKind.AUDIT_READ: _tr("read this log"),
        EventKind.AUDIT_EXPORTED: _tr("exported this log"),
        EventKind.CHECKPOINT_SIGNED: _tr("signed a checkpoint"),
    }
    return {kind.value: words for kind, words in known.items()}


def _tr(text: str) -> str:
    return QCoreApplication.translate("audit", text)
