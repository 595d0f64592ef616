"""Every command of the console, once: its words, its keys and where they count.

The key map, the tooltips, the palette and the help sheet are all read from ``COMMANDS``; a key that is not here does
not exist. Keys are Qt portable strings ("Ctrl+Shift+Return"). No key deletes anything (product conventions §4.3).
"""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QCoreApplication

from app.ui.shell.pages import PageId
from app.ui.theme import IconName


class Group(Enum):
    """Headings of the help sheet, in its order."""

    MOVING = "Moving about"
    CONVERSATION = "This conversation"
    PROPOSAL = "The proposal"
    WRITING = "Writing"
    FINDING = "Finding"
    ANSWERS = "Approved answers"
    MODEL = "The model"
    LEAVING = "What would leave"
    OFFICE = "The office"
    CHANNEL = "The patient channel"
    CONSOLE = "The console"

    @property
    def title(self) -> str:
        """The heading in the language of the interface."""
        return QCoreApplication.translate("commands", self.value)


class CommandId(Enum):
    """Names of the commands; the value is stable, settings may refer to it."""

    NEXT = "next"
    PREVIOUS = "previous"
    OLDEST = "oldest"
    NEXT_PANE = "next_pane"
    PREVIOUS_PANE = "previous_pane"
    INBOX = "inbox"
    EMERGENCIES = "emergencies"
    SNOOZED = "snoozed"
    FINISHED = "finished"
    ANSWERS = "answers"
    MODEL = "model"
    PEOPLE = "people"
    RETENTION = "retention"
    BACKUPS = "backups"
    AUDIT = "audit"
    RETENTION_APPLY = "retention_apply"
    RETENTION_SIGN = "retention_sign"
    RETENTION_LOOK = "retention_look"
    CONTACT_DETAILS = "contact_details"
    HOLD = "hold"
    ERASE = "erase"
    ERASE_MATTER = "erase_matter"
    KEPT_AS = "kept_as"
    REDACT = "redact"
    REQUESTS = "requests"
    ACCESS = "access"
    EMERGENCY_ACCESS = "emergency_access"
    WALL = "wall"
    REQUEST_TAKE = "request_take"
    SAVE_AS_PDF = "save_as_pdf"
    AUDIT_CHECK = "audit_check"
    AUDIT_EXPORT = "audit_export"
    PERSON_ADD = "person_add"
    SHARES = "shares"
    SIGN_IN = "sign_in"
    BACKUP_TAKE = "backup_take"
    BACKUP_REHEARSE = "backup_rehearse"
    BACKUP_FOLDER = "backup_folder"
    CHANNEL = "channel"
    CHANNEL_SWITCH = "channel_switch"
    CHANNEL_FILE = "channel_file"
    CHANNEL_RETRY = "channel_retry"
    CHANNEL_HOLDINGS = "channel_holdings"
    CHANNEL_WIPE = "channel_wipe"
    CHANNEL_HOURS = "channel_hours"
    CHANNEL_NOTICE = "channel_notice"
    INVITE = "invite"
    ATTACH = "attach"
    FILES = "files"
    SAFETY_NUMBER = "safety_number"
    END_CHANNEL = "end_channel"
    REPLY = "reply"
    NOTE = "note"
    SWITCH_TAB = "switch_tab"
    SEND = "send"
    DONE = "done"
    DONE_AND_NEXT = "done_and_next"
    REOPEN = "reopen"
    SNOOZE = "snooze"
    ASSIGN = "assign"
    ASSIGN_TO_ME = "assign_to_me"
    EMERGENCY = "emergency"
    URGENCY = "urgency"
    PROPOSE = "propose"
    APPROVE = "approve"
    EDIT_PROPOSAL = "edit_proposal"
    DISCARD_PROPOSAL = "discard_proposal"
    REWRITE = "rewrite"
    STOP = "stop"
    NEXT_SOURCE = "next_source"
    NEXT_FACT = "next_fact"
    COMPARE = "compare"
    SUMMARY = "summary"
    HAND_OVER_NOTE = "hand_over_note"
    EMERGENCY_LIST = "emergency_list"
    SEARCH = "search"
    FIND = "find"
    PALETTE = "palette"
    HELP = "help"
    GUIDE = "guide"
    NEW_CONVERSATION = "new_conversation"
    HEARD_MORE = "heard_more"
    CONTEXT = "context"
    COUNTER_MODE = "counter_mode"
    CURTAIN = "curtain"
    UNDO = "undo"
    SCHEME = "scheme"
    LARGER = "larger"
    SMALLER = "smaller"
    SINGLE_KEYS = "single_keys"
    SIGN_OUT = "sign_out"
    SAVE_AS_ANSWER = "save_as_answer"
    ANSWER_NEXT = "answer_next"
    ANSWER_PREVIOUS = "answer_previous"
    ANSWER_NEW = "answer_new"
    ANSWER_WRITE = "answer_write"
    ANSWER_SAVE = "answer_save"
    ANSWER_DISCARD = "answer_discard"
    ANSWER_DUPLICATE = "answer_duplicate"
    ANSWER_WITHDRAW = "answer_withdraw"
    ANSWER_SEARCH = "answer_search"
    ANSWER_TRY = "answer_try"
    ANSWER_IMPORT = "answer_import"
    MODEL_NEXT = "model_next"
    MODEL_PREVIOUS = "model_previous"
    MODEL_USE = "model_use"
    MODEL_TEST = "model_test"
    MODEL_BACK = "model_back"
    MODEL_IMPORT = "model_import"
    LEAVING = "leaving"
    LEAVING_NEXT = "leaving_next"
    LEAVING_PREVIOUS = "leaving_previous"
    LEAVING_LIFT = "leaving_lift"
    LEAVING_MISS = "leaving_miss"
    LEAVING_SAFE_HARBOR = "leaving_safe_harbor"
    LEAVING_LIMITED = "leaving_limited"
    LEAVING_STAND_INS = "leaving_stand_ins"
    LEAVING_LABELS = "leaving_labels"
    LEAVING_RULES = "leaving_rules"
    LEAVING_CHECK = "leaving_check"
    LEAVING_COPY = "leaving_copy"
    LEAVING_SET = "leaving_set"


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person can ask for.

    ``beats_text`` keys work while somebody types; the others leave the key to the text field. ``keys[0]`` is the one
    that tooltips show. ``page`` is the only page on which the command counts, None for every page; there its keys win
    over the same keys of commands that count everywhere.
    """

    command_id: CommandId
    title: str
    group: Group
    keys: tuple[str, ...]
    icon: IconName | None
    beats_text: bool = True
    page: PageId | None = None

    @property
    def single_keys(self) -> tuple[str, ...]:
        """Keys that are one character, with Shift at most: the ones that can be switched off (WCAG 2.2, 2.1.4)."""
        return tuple(key for key in self.keys if len(key.removeprefix("Shift+")) == 1)


def _command(
    command_id: CommandId,
    title: str,
    group: Group,
    *keys: str,
    icon: IconName | None = None,
    beats_text: bool = True,
    page: PageId | None = None,
) -> Command:
    return Command(command_id, title, group, keys, icon, beats_text, page)


def _here(command_id: CommandId, title: str, group: Group, *keys: str, icon: IconName | None = None) -> Command:
    """A command of the inbox: it means the list or the open conversation."""
    return Command(command_id, title, group, keys, icon, page=PageId.INBOX)


def _answer(command_id: CommandId, title: str, *keys: str, icon: IconName | None = None) -> Command:
    """A command of the answers' page."""
    return Command(command_id, title, Group.ANSWERS, keys, icon, page=PageId.ANSWERS)


def _model(command_id: CommandId, title: str, *keys: str, icon: IconName | None = None) -> Command:
    """A command of the models' page."""
    return Command(command_id, title, Group.MODEL, keys, icon, page=PageId.MODEL)


def _audit(command_id: CommandId, title: str, *keys: str, icon: IconName | None = None) -> Command:
    """A command of the page of the audit log."""
    return Command(command_id, title, Group.OFFICE, keys, icon, page=PageId.AUDIT)


def _people(command_id: CommandId, title: str, *keys: str, icon: IconName | None = None) -> Command:
    """A command of the page of people."""
    return Command(command_id, title, Group.OFFICE, keys, icon, page=PageId.PEOPLE)


def _backup(command_id: CommandId, title: str, *keys: str, icon: IconName | None = None) -> Command:
    """A command of the page of backups."""
    return Command(command_id, title, Group.OFFICE, keys, icon, page=PageId.BACKUPS)


def _retention(command_id: CommandId, title: str, *keys: str, icon: IconName | None = None) -> Command:
    """A command of the page of retention."""
    return Command(command_id, title, Group.OFFICE, keys, icon, page=PageId.RETENTION)


def _leaving(command_id: CommandId, title: str, *keys: str, icon: IconName | None = None) -> Command:
    """A command of the page that shows what would leave."""
    return Command(command_id, title, Group.LEAVING, keys, icon, page=PageId.LEAVING)


def _channel(command_id: CommandId, title: str, *keys: str, icon: IconName | None = None) -> Command:
    """A command of the page of the patient channel."""
    return Command(command_id, title, Group.CHANNEL, keys, icon, page=PageId.CHANNEL)


COMMANDS: tuple[Command, ...] = (
    _here(CommandId.NEXT, "Next conversation", Group.MOVING, "J", "Alt+Down", icon=IconName.CHEVRON_DOWN),
    _here(CommandId.PREVIOUS, "Previous conversation", Group.MOVING, "K", "Alt+Up", icon=IconName.CHEVRON_UP),
    _here(CommandId.OLDEST, "Who waits longest", Group.MOVING, "G", "Alt+Home", icon=IconName.CLOCK),
    _command(CommandId.NEXT_PANE, "Next pane", Group.MOVING, "F6"),
    _command(CommandId.PREVIOUS_PANE, "Previous pane", Group.MOVING, "Shift+F6"),
    _command(CommandId.INBOX, "Show the inbox", Group.MOVING, "Ctrl+1", icon=IconName.INBOX),
    _command(CommandId.EMERGENCIES, "Show emergencies", Group.MOVING, "Ctrl+2", icon=IconName.FLAG),
    _command(CommandId.SNOOZED, "Show snoozed", Group.MOVING, "Ctrl+3", icon=IconName.SNOOZE),
    _command(CommandId.FINISHED, "Show done", Group.MOVING, "Ctrl+4", icon=IconName.DONE),
    _command(CommandId.ANSWERS, "Approved answers", Group.MOVING, "Ctrl+5", icon=IconName.ANSWERS),
    _command(CommandId.MODEL, "The model", Group.MOVING, "Ctrl+6", icon=IconName.MODEL),
    _command(CommandId.PEOPLE, "People", Group.MOVING, "Ctrl+7", icon=IconName.PEOPLE),
    _command(CommandId.RETENTION, "Retention", Group.MOVING, "Ctrl+8", icon=IconName.CLOCK),
    _command(CommandId.BACKUPS, "Backups", Group.MOVING, "Ctrl+9", icon=IconName.DISK),
    _command(CommandId.AUDIT, "Audit log", Group.MOVING, "Ctrl+0", icon=IconName.HISTORY),
    _command(CommandId.REQUESTS, "Requests about own data", Group.MOVING, icon=IconName.PERSON),
    _command(CommandId.ACCESS, "Emergency access and idle lock", Group.MOVING, icon=IconName.KEY),
    _command(CommandId.CHANNEL, "The patient channel", Group.MOVING, "Ctrl+Shift+P", icon=IconName.CHANNEL),
    _here(CommandId.REPLY, "Write a reply", Group.WRITING, "R", icon=IconName.REPLY),
    _here(CommandId.NOTE, "Write a note", Group.WRITING, "N", icon=IconName.NOTE),
    _here(CommandId.SWITCH_TAB, "Switch between reply and note", Group.WRITING, "Ctrl+I"),
    _here(
        CommandId.SEND,
        "Send the reply, or save the note",
        Group.WRITING,
        "Ctrl+Return",
        "Ctrl+Enter",
        icon=IconName.SEND,
    ),
    _here(CommandId.DONE, "Done", Group.CONVERSATION, "E", icon=IconName.DONE),
    _here(CommandId.DONE_AND_NEXT, "Done and next", Group.CONVERSATION, "Shift+E", icon=IconName.DONE),
    _here(CommandId.REOPEN, "Reopen", Group.CONVERSATION, icon=IconName.UNDO),
    _here(CommandId.SNOOZE, "Snooze", Group.CONVERSATION, "B", icon=IconName.SNOOZE),
    _here(CommandId.ASSIGN, "Assign", Group.CONVERSATION, "A", icon=IconName.ASSIGN),
    _here(CommandId.ASSIGN_TO_ME, "Assign to me", Group.CONVERSATION, "Shift+A", icon=IconName.ASSIGN),
    _here(CommandId.EMERGENCY, "Raise as emergency", Group.CONVERSATION, "Ctrl+Shift+1", "Ctrl+!", icon=IconName.FLAG),
    _here(CommandId.URGENCY, "Change urgency", Group.CONVERSATION, "U", icon=IconName.FLAG),
    _here(CommandId.PROPOSE, "Propose a reply", Group.PROPOSAL, "D", icon=IconName.DRAFT),
    _here(
        CommandId.APPROVE,
        "Approve and send",
        Group.PROPOSAL,
        "Ctrl+Shift+Return",
        "Ctrl+Shift+Enter",
        icon=IconName.SEND,
    ),
    _here(CommandId.EDIT_PROPOSAL, "Edit the proposal", Group.PROPOSAL, "Ctrl+E", icon=IconName.EDIT),
    _here(CommandId.NEXT_FACT, "Next fact to check", Group.PROPOSAL, "F", icon=IconName.CHECK),
    _here(CommandId.REWRITE, "Shorter, warmer, simpler, as told", Group.PROPOSAL, "W", icon=IconName.REGENERATE),
    _here(CommandId.COMPARE, "Compare with the text before", Group.PROPOSAL, "V", icon=IconName.HISTORY),
    _here(CommandId.DISCARD_PROPOSAL, "Discard with a reason", Group.PROPOSAL, "X", icon=IconName.CLOSE),
    _command(CommandId.STOP, "Stop, keep what is there; close what is open", Group.PROPOSAL, "Esc"),
    _here(CommandId.NEXT_SOURCE, "Next source of the proposal", Group.PROPOSAL, "S", icon=IconName.SOURCE),
    _command(CommandId.SEARCH, "Search all conversations", Group.FINDING, "/", "Ctrl+Shift+F", icon=IconName.SEARCH),
    _here(CommandId.FIND, "Find in this conversation", Group.FINDING, "Ctrl+F", icon=IconName.SEARCH),
    _command(CommandId.PALETTE, "All commands", Group.FINDING, "Ctrl+K", icon=IconName.MORE),
    _command(CommandId.HELP, "Keys", Group.CONSOLE, "F1", "?", icon=IconName.HELP),
    _command(CommandId.GUIDE, "Help pages", Group.CONSOLE, "Shift+F1", icon=IconName.HELP),
    _command(CommandId.NEW_CONVERSATION, "New conversation", Group.CONSOLE, "C", "Ctrl+N", icon=IconName.PLUS),
    _here(CommandId.HEARD_MORE, "Write down what they said next", Group.CONVERSATION, "M", icon=IconName.PHONE),
    _here(
        CommandId.CONTACT_DETAILS, "What is known of the contact…", Group.CONVERSATION, "Shift+C", icon=IconName.PERSON
    ),
    _here(CommandId.SUMMARY, "Summary", Group.CONVERSATION, "T", icon=IconName.SOURCE),
    _here(CommandId.HAND_OVER_NOTE, "Hand-over note", Group.CONVERSATION, "H", icon=IconName.NOTE),
    _command(CommandId.INVITE, "Invite somebody to write…", Group.CHANNEL, "L", "Ctrl+Shift+K", icon=IconName.KEY),
    _here(CommandId.ATTACH, "Attach a file to the reply…", Group.CHANNEL, "Ctrl+O", icon=IconName.ATTACH),
    _here(CommandId.FILES, "Attachments of this conversation…", Group.CHANNEL, "O", icon=IconName.ATTACH),
    _here(CommandId.SAFETY_NUMBER, "Compare the safety number…", Group.CHANNEL, "P", icon=IconName.PHONE),
    _here(CommandId.END_CHANNEL, "End this conversation over the channel…", Group.CHANNEL, icon=IconName.CLOSE),
    _channel(CommandId.CHANNEL_SWITCH, "Turn the channel on or off…", "T", icon=IconName.CHANNEL),
    _channel(CommandId.CHANNEL_RETRY, "Try the gateway again now", "R", icon=IconName.REGENERATE),
    _channel(CommandId.CHANNEL_FILE, "Save the office file for IT…", "O", icon=IconName.SAVE),
    _channel(CommandId.CHANNEL_HOLDINGS, "Ask the gateway what it holds", "G", icon=IconName.REGENERATE),
    _channel(CommandId.CHANNEL_WIPE, "Wipe what the gateway holds…", "W", icon=IconName.TRASH),
    _channel(CommandId.CHANNEL_HOURS, "Hours, holidays, words when nobody is here…", "H", icon=IconName.CLOCK),
    _channel(CommandId.CHANNEL_NOTICE, "Change what patients read first…", "N", icon=IconName.EDIT),
    _here(CommandId.CONTEXT, "Show or hide details", Group.CONSOLE, "I", "Ctrl+Shift+I", icon=IconName.PANEL),
    _command(
        CommandId.COUNTER_MODE, "Counter mode: names and words hidden", Group.CONSOLE, "F11", icon=IconName.EYE_OFF
    ),
    _command(CommandId.CURTAIN, "Draw the privacy curtain", Group.CONSOLE, "F12", icon=IconName.CURTAIN),
    _command(CommandId.UNDO, "Undo the last step", Group.CONSOLE, "Ctrl+Z", icon=IconName.UNDO),
    _command(CommandId.SCHEME, "Light or dark", Group.CONSOLE, "Ctrl+Shift+L", icon=IconName.MOON),
    _command(CommandId.LARGER, "Larger", Group.CONSOLE, "Ctrl++", "Ctrl+="),
    _command(CommandId.SMALLER, "Smaller", Group.CONSOLE, "Ctrl+-"),
    _command(CommandId.EMERGENCY_LIST, "Emergency list…", Group.CONSOLE, icon=IconName.EMERGENCY),
    _command(CommandId.SINGLE_KEYS, "Single-letter keys on or off", Group.CONSOLE, icon=IconName.KEYBOARD),
    _here(
        CommandId.SAVE_AS_ANSWER,
        "Save the last reply as an approved answer…",
        Group.ANSWERS,
        "Ctrl+Shift+S",
        icon=IconName.ANSWERS,
    ),
    _answer(CommandId.ANSWER_NEW, "New answer", "N", "Ctrl+Shift+N", icon=IconName.PLUS),
    _answer(CommandId.ANSWER_SAVE, "Approve and save", "Ctrl+S", icon=IconName.CHECK),
    _answer(CommandId.ANSWER_WRITE, "Write on the answer", "E", icon=IconName.EDIT),
    _answer(CommandId.ANSWER_NEXT, "Next answer", "J", "Alt+Down", icon=IconName.CHEVRON_DOWN),
    _answer(CommandId.ANSWER_PREVIOUS, "Previous answer", "K", "Alt+Up", icon=IconName.CHEVRON_UP),
    _answer(CommandId.ANSWER_SEARCH, "Search the answers", "/", "Ctrl+F", icon=IconName.SEARCH),
    _answer(CommandId.ANSWER_TRY, "Try a question", "T", icon=IconName.HELP),
    _answer(CommandId.ANSWER_IMPORT, "Import documents…", "I", icon=IconName.IMPORT),
    _answer(CommandId.ANSWER_DUPLICATE, "Duplicate the answer", "Ctrl+D", icon=IconName.COPY),
    _answer(CommandId.ANSWER_DISCARD, "Discard the changes", icon=IconName.UNDO),
    _answer(CommandId.ANSWER_WITHDRAW, "Withdraw the answer", icon=IconName.CLOSE),
    _model(CommandId.MODEL_NEXT, "Next model", "J", "Alt+Down", icon=IconName.CHEVRON_DOWN),
    _model(CommandId.MODEL_PREVIOUS, "Previous model", "K", "Alt+Up", icon=IconName.CHEVRON_UP),
    _model(CommandId.MODEL_USE, "Use this model", "U", icon=IconName.CHECK),
    _model(CommandId.MODEL_TEST, "Test drive", "T", icon=IconName.SOURCE),
    _model(CommandId.MODEL_BACK, "Back to the model before", "B", icon=IconName.UNDO),
    _model(CommandId.MODEL_IMPORT, "Import a model…", "I", icon=IconName.IMPORT),
    _here(CommandId.LEAVING, "What would leave", Group.CONVERSATION, "Ctrl+Shift+A", icon=IconName.EYE_OFF),
    _leaving(CommandId.LEAVING_NEXT, "Next mark", "J", "Alt+Down", icon=IconName.CHEVRON_DOWN),
    _leaving(CommandId.LEAVING_PREVIOUS, "Previous mark", "K", "Alt+Up", icon=IconName.CHEVRON_UP),
    _leaving(CommandId.LEAVING_LIFT, "Let the chosen words through", "L", "Del", icon=IconName.EYE),
    _leaving(CommandId.LEAVING_MISS, "Mark the selected words as a miss…", "M", "Shift+Return", icon=IconName.EYE_OFF),
    _leaving(CommandId.LEAVING_SAFE_HARBOR, "By HIPAA Safe Harbor", "1"),
    _leaving(CommandId.LEAVING_LIMITED, "Limited: dates moved", "2"),
    _leaving(CommandId.LEAVING_STAND_INS, "With stand-ins", "3"),
    _leaving(CommandId.LEAVING_LABELS, "With labels", "4"),
    _leaving(CommandId.LEAVING_COPY, "Copy what would leave", "Ctrl+Shift+C", icon=IconName.COPY),
    _leaving(CommandId.LEAVING_SET, "Export anonymised set…", "S", icon=IconName.SAVE),
    _leaving(CommandId.LEAVING_RULES, "Rules of this office…", "R", icon=IconName.SETTINGS),
    _leaving(CommandId.LEAVING_CHECK, "Check the office's test set again", "T", icon=IconName.CHECK),
    _retention(CommandId.RETENTION_APPLY, "Let what is due go…", "L", icon=IconName.TRASH),
    _retention(CommandId.RETENTION_SIGN, "Sign the rules of retention", "S", icon=IconName.CHECK),
    _retention(CommandId.RETENTION_LOOK, "Look again what is due", "R", icon=IconName.REGENERATE),
    _here(CommandId.WALL, "Wall: who may know of this…", Group.CONVERSATION, "Ctrl+Shift+W", icon=IconName.LOCK),
    _command(CommandId.EMERGENCY_ACCESS, "Emergency access…", Group.CONSOLE, "Ctrl+Shift+E", icon=IconName.KEY),
    _here(CommandId.HOLD, "Hold for legal reasons…", Group.CONVERSATION, icon=IconName.LOCK),
    _here(CommandId.KEPT_AS, "How long it is kept…", Group.CONVERSATION, icon=IconName.CLOCK),
    _here(CommandId.ERASE_MATTER, "Erase the whole matter for good…", Group.CONVERSATION, icon=IconName.TRASH),
    _here(CommandId.REDACT, "Take the selected words out for good…", Group.CONVERSATION, icon=IconName.EYE_OFF),
    _here(CommandId.ERASE, "Erase for good…", Group.CONVERSATION, icon=IconName.TRASH),
    Command(
        CommandId.REQUEST_TAKE,
        "Take a request about own data…",
        Group.OFFICE,
        ("N",),
        IconName.PERSON,
        page=PageId.REQUESTS,
    ),
    _here(CommandId.SAVE_AS_PDF, "Save the conversation as PDF…", Group.CONVERSATION, "Ctrl+P", icon=IconName.PRINTER),
    _audit(CommandId.AUDIT_CHECK, "Check the audit log", "V", icon=IconName.CHECK),
    _audit(CommandId.AUDIT_EXPORT, "Export the audit log for a witness…", "X", icon=IconName.SAVE),
    _people(CommandId.PERSON_ADD, "Add a person…", "A", icon=IconName.PLUS),
    _people(CommandId.SHARES, "Recovery shares…", "S", icon=IconName.KEY),
    _people(CommandId.SIGN_IN, "How you sign in…", "Y", icon=IconName.LOCK),
    _backup(CommandId.BACKUP_TAKE, "Back up now", "B", icon=IconName.DISK),
    _backup(CommandId.BACKUP_REHEARSE, "Rehearse a backup…", "R", icon=IconName.CHECK),
    _backup(CommandId.BACKUP_FOLDER, "Choose the folder for backups…", "F", icon=IconName.SETTINGS),
    _command(
        CommandId.SIGN_OUT, "Lock, or change the person", Group.CONSOLE, "Ctrl+Shift+O", "Ctrl+L", icon=IconName.LOCK
    ),
)
