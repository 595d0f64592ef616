"""From an error of any room to an exit code and one line in plain words.

Errors carry codes; the words are here. A code without words of its own is shown as it is.
"""

from app.cli.exits import CommandError, ExitCode

_WORDS = {
    # store
    "wrong_password": "That is not the password of this vault.",
    "weak_password": "This password is one that guessers try first.",
    "unknown_conversation": "There is no conversation with this id.",
    "vault_missing": "There is no vault here. `vestibule vault create` makes one.",
    "vault_exists": "There is something in this folder already; a vault is never made over it.",
    "vault_busy": "Another console has this vault open.",
    "vault_exposed": "The folder of the vault is open to other users of this machine; it must be private (mode 700).",
    "slot_file_missing": "The vault's slots.json is missing. Restore it from a backup.",
    "slot_file_damaged": "The vault's slots.json is damaged. Restore it from a backup.",
    "newer_schema": "This vault was written by a newer Vestibule. Nothing was touched.",
    "not_encrypted": "A file that is not encrypted stands where the vault should be. It was not opened.",
    "vault_damaged": "The vault is damaged. Restore it from a backup.",
    "vault_rolled_back": "These files are older than what was last written. A person has to look at this.",
    "disk_full": "The disk is full. Nothing was changed.",
    "disk_failed": "The disk reported an error. Nothing was changed.",
    "backup_place": "The folder for backups is not there or cannot be written. Earlier backups are as they were.",
    "backup_missing": "There is no backup here. `vestibule vault backups DIR` lists them.",
    "backup_stopped": "Stopped. Earlier backups are as they were.",
    "backup_damaged": "This backup is not what was written. Nothing was restored; try an older one with --snapshot.",
    "too_soon": "Too many wrong passwords. Wait a moment, then try again.",
    "wrong_code": "Password and code do not open this vault together. Look at the time of this machine and the phone.",
    "second_missing": "The key stick of this sign-in is not plugged in. Nothing was tried.",
    # people
    "sign_in_code_does_not_fit": "The phone shows another code. Look at the time of this machine and the phone.",
    "sign_in_no_code": "No code goes with your password.",
    "sign_in_no_second": "No key stick goes with your password.",
    "sign_in_no_password": "You came in with a printed code; there is no password of yours to change.",
    "sign_in_stick_beside_vault": "This is the disk of the vault. A key beside what it opens protects nothing.",
    "sign_in_stick_unwritable": "This disk cannot be written. Nothing was changed.",
    "password_must_change": "This password was given to you. `vestibule people password` chooses your own first.",
    "last_administrator": "Nobody else could let people in. Make somebody else an administrator first.",
    "not_yourself": "Another administrator has to do this to you.",
    "unknown_person": "Nobody here has this name or id. `vestibule people list` shows who is here.",
    "name_taken": "Somebody here has this name already.",
    "licence_missing": "A professional has a licence: say --licence and --place.",
    "licence_place": "The place of a licence is a code such as DE or US-CA.",
    "never_a_message": "Your role never sees a message.",
    "takes_administrator": "This takes an administrator.",
    "takes_professional": "This takes a professional or an administrator.",
    "takes_auditor": "This takes an auditor or an administrator.",
    "takes_it": "This takes IT or an administrator.",
    "wrong_recovery_code": "This opens another vault, or a newer code or newer shares were made since.",
    "share_word_unknown": "A share holds a word that no share has.",
    "share_wrong_number_of_words": "A share has 33 words.",
    "share_mistyped": "A share holds a typing error.",
    "shares_too_few": "Two shares are needed.",
    "share_twice": "This is the same share twice.",
    "shares_of_different_sets": "These shares were not made together.",
    # services
    "no_such_conversation": "There is no conversation with this id.",
    "demo_mix": "Demo content is for a demo vault only.",
    "name_empty": "A name is needed.",
    "name_too_long": "This name is too long.",
    "held_by_law": "A legal hold stands on this conversation; nothing was erased. `vestibule hold list` shows it.",
    "hold_review_day": "The day of review must lie ahead, and within a year.",
    "retention_not_signed": "Nobody has signed the rules. Read them (`vestibule retention rules`), then sign them.",
    "retention_stale_preview": "Something has changed since that preview. Nothing was erased; look again.",
    "retention_nothing_due": "Nothing is due.",
    "retention_too_many": "This is more than 5 % within a day: confirm the number with --count. Nothing was erased.",
    "retention_clock_unsure": "The clock is in doubt: say with --today which day it is. Nothing was erased.",
    "retention_unknown_class": "The rules have no such class. `vestibule retention rules` shows them.",
    "redaction_no_such_message": "The conversation has no such message or note.",
    "redaction_span_outside": "The message has no such stretch.",
    "redaction_reply_is_held": "A reply is on its way in this conversation; try again in a moment.",
    "redaction_nothing_left": "There are no words to take out.",
    "redaction_is_a_file": "An attachment goes whole, without --span; nothing was taken out.",
    "no_such_hold": "There is no standing hold with this id. `vestibule hold list` shows them.",
    "subject_no_identity": "Confirm first who asks: --identity called_back, photo_id or known. Nothing was noted.",
    "subject_nothing_named": "Name at least one conversation. Nothing was noted.",
    "subject_day_ahead": "The day on which it came in lies ahead. Nothing was noted.",
    "subject_no_such_request": "There is no open request with this id. `vestibule subject list` shows them.",
    "text_empty": "Some words are needed.",
    "text_too_long": "This text is too long.",
    # the patient channel
    "channel_no_keys": "The office has no keys yet. They are made in the console (Office, Channel).",
    "channel_no_notice": "What patients read first is not written yet. It is written in the console (Office, Channel).",
    "channel_is_off": "The channel is off. `vestibule channel on` turns it on.",
    "channel_is_down": "The gateway cannot be asked now. Try again later.",
    "channel_place": "This is no gateway: HOST:PORT, a page with https://, and without TLS only on this machine.",
    "channel_demo": "A demo vault talks to a gateway on this machine only.",
    "channel_no_such_invitation": "There is no open invitation of this id; see `vestibule channel invitations`.",
    # walls
    "wall_nobody_named": "Name at least one person.",
    "wall_never_a_message": "Auditors and IT never see a message, and cannot be within.",
    "wall_only_borrowed": "Emergency access does not move the wall. Whoever is within does.",
    "wall_none": "There is no wall round this conversation.",
    "access_no_such": "There is no emergency access with this id. `vestibule wall accesses` shows them.",
    "access_took_part": "Who asked or confirmed does not review it. Another administrator does.",
    "access_reviewed": "Somebody has reviewed it already.",
    # knowledge
    "missing": "There is no such folder.",
    "too_many": "There are too many files in this folder.",
    "no_answers": "There is no Markdown file in this folder.",
    # models
    "unknown_model": "There is no model of this name. `vestibule model list` shows them.",
    "model_exists": "There is a model of this name already; choose another with --name.",
    "licence_unknown": "The file names no licence. Say with --licence under which one this office may use it.",
    "another_import": "Another import is running.",
    "import_cancelled": "Stopped. Nothing was changed.",
    "model_is_shipped": "This model ships with the product; it cannot be removed.",
    "model_in_use": "This model is in use. `vestibule model use` another one first.",
    "model_is_pinned": "Which model is used is set for this machine (managed settings).",
    "no_previous_model": "No model was used before this one.",
    "bad_name": "A model's name is made of small letters, digits, dots, dashes and underscores.",
    "unknown_template": "There are no turn markers of this name.",
    "not_a_file": "This is not a file that can be read.",
    "changed": "The file is not what its manifest says. Do not use it.",
    "no_space": "There is not enough room on the disk.",
    "copy_failed": "The file could not be copied.",
    # anonymising
    "pipeline_missing": "The trained pipeline of the anonymiser is not on this machine, so nothing was anonymised.",
    "pipeline_altered": "The pipeline of the anonymiser is not what its manifest says. Nothing was anonymised.",
    "pipeline_unreadable": "The pipeline of the anonymiser cannot be read. Nothing was anonymised.",
    "not_confined": "This machine cannot lock the anonymiser in, so nothing was anonymised.",
    # drafting
    "no_model": "No model can run here.",
    "model_failed": "The model failed.",
}


def explain(error: Exception) -> CommandError | None:
    """Return how to end the command for an expected error, or None for a bug, which stays loud."""
    if isinstance(error, CommandError):
        return error
    if isinstance(error, FileNotFoundError):
        return CommandError(ExitCode.REFUSED, "There is no such file.")
    if isinstance(error, OSError):
        return CommandError(ExitCode.REFUSED, f"The file system refused: {error.strerror or 'unknown reason'}.")
    return _of_the_door(error) or _of_rooms(error)


def _of_the_door(error: Exception) -> CommandError | None:
    """Return how to end when somebody was not let in."""
    from app.crypto.errors import SharesError  # noqa: PLC0415  an error that occurred has loaded its room anyway
    from app.services.errors import PasswordMustChangeError  # noqa: PLC0415
    from app.store.errors import TooSoonError, WrongPasswordError  # noqa: PLC0415

    if isinstance(error, SharesError) and error.share is not None:
        return CommandError(ExitCode.MALFORMED, _of_share(error.share, error.word, error.code))
    if isinstance(error, TooSoonError):
        seconds = -(-error.left_ms // 1000)
        return CommandError(ExitCode.LOCKED, f"Too many wrong passwords. Try again in {seconds} seconds.")
    if isinstance(error, WrongPasswordError | PasswordMustChangeError):
        return CommandError(ExitCode.LOCKED, _words(error.code))
    return None


def _of_rooms(error: Exception) -> CommandError | None:
    from app.config.errors import ConfigError  # noqa: PLC0415  an error that occurred has loaded its room anyway
    from app.crypto.errors import CryptoError  # noqa: PLC0415
    from app.inference.errors import GenerationError, GgufError  # noqa: PLC0415
    from app.knowledge.errors import KnowledgeError  # noqa: PLC0415
    from app.language.texts.errors import NOT_HERE, TextsError  # noqa: PLC0415
    from app.services.drafting.drafter import DraftFailedError  # noqa: PLC0415
    from app.services.errors import ServiceError  # noqa: PLC0415
    from app.services.models.catalogue import ModelError, ModelFault  # noqa: PLC0415
    from app.store.errors import StoreBugError, StoreError  # noqa: PLC0415

    if isinstance(error, ConfigError):
        line = f"Settings: {error.key} is not right ({error.code.value})."
    elif isinstance(error, GgufError) or (isinstance(error, ModelError) and error.code is ModelFault.REFUSED):
        detail = error.code.value if isinstance(error, GgufError) else error.detail
        line = f"This is not a model file that may be loaded ({detail})."
    elif isinstance(error, ModelError) and error.detail:
        line = _of_model(error.code.value, error.detail)
    elif isinstance(error, GenerationError):
        return CommandError(ExitCode.UNAVAILABLE, f"The model gave no text ({error.code.value}).")
    elif isinstance(error, DraftFailedError):
        return CommandError(ExitCode.UNAVAILABLE, _words(error.code.value))
    elif isinstance(error, TextsError):
        code = ExitCode.UNAVAILABLE if error.code in NOT_HERE else ExitCode.REFUSED
        return CommandError(code, _words(error.code.value))
    elif isinstance(error, StoreError | ServiceError | KnowledgeError | ModelError | CryptoError) and not isinstance(
        error, StoreBugError
    ):
        line = _words(_code_of(error))
    else:
        return None
    return CommandError(ExitCode.REFUSED, line)


def _of_share(share: int, word: int | None, code: str) -> str:
    place = f"Share {share}" if word is None else f"Share {share}, word {word}"
    return f"{place}: {_words(code)}"


def _of_model(code: str, detail: str) -> str:
    if code == "model_duplicate":
        return f"This file is here already, as {detail}."
    if code == "no_memory":
        needed, free = (int(number) / 1e9 for number in detail.split("/"))
        return f"It needs about {needed:.1f} GB of memory, this machine has {free:.1f} GB free. It was not used."
    if code == "model_cannot_run":
        return f"The model engine cannot run this file ({detail}). Nothing was changed."
    return _words(code)


def _code_of(error: Exception) -> str:
    code = getattr(error, "code", type(error).__name__)
    return str(getattr(code, "value", code))


def _words(code: str) -> str:
    return _WORDS.get(code, f"Refused ({code}).")
