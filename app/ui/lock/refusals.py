"""Refusals in words: what happened, what became of the data, what to do next.

Rooms below send codes; the words live here. No words name a path, a person or any content.
"""

from dataclasses import dataclass, replace

from app.crypto.errors import RecoveryCodeError, SharesError
from app.store.errors import TooSoonError

CODE_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Refusal:
    """``title`` says what happened, ``text`` what to do; ``can_retry`` is False where another try changes nothing."""

    code: str
    title: str
    text: str
    can_retry: bool = True


_WORDS: tuple[Refusal, ...] = (
    Refusal(
        "wrong_password",
        "This password does not open the vault",
        "Nothing was changed. Look at Caps Lock and the keyboard layout and try again, or use the recovery code.",
    ),
    Refusal(
        "wrong_code",
        "Password and code do not open the vault together",
        "Which of them was wrong is not said. Wait for the next code, and look at the time of this computer and of "
        "the phone. A printed code works in its place.",
    ),
    Refusal(
        "second_missing",
        "The key stick is not plugged in",
        "Nothing was tried. Plug it in and wait until the computer has opened it, then try again.",
    ),
    Refusal(
        "wrong_recovery_code",
        "This code belongs to another vault",
        "It is free of typing errors, but this vault has another one. Look for the sheet with this vault's date.",
    ),
    Refusal(
        "vault_busy",
        "The vault is open in another window",
        "Another console on this machine holds it. Lock or close that one, then try again.",
    ),
    Refusal(
        "vault_missing",
        "There is no vault in this place",
        "The folder is empty or on a drive that is not connected. Connect the drive and try again.",
    ),
    Refusal(
        "vault_exists",
        "There is something in this place already",
        "A vault is never made on top of other files. Move them away, or choose another folder.",
        can_retry=False,
    ),
    Refusal(
        "vault_exposed",
        "Other people of this machine can enter the vault's folder",
        "Nothing was opened. Ask whoever looks after this machine to make the folder yours alone (mode 0700).",
    ),
    Refusal(
        "slot_file_missing",
        "The file with the locked keys is missing",
        "No password opens the vault without it. Nothing was changed. Restore slots.json from a backup.",
    ),
    Refusal(
        "slot_file_damaged",
        "The file with the locked keys is damaged",
        "It is not what this program wrote, so it was not used. Restore slots.json from a backup and try again.",
    ),
    Refusal(
        "kdf_downgrade",
        "The vault asks for less protection than this program accepts",
        "Somebody may have changed its key file. Do not type your password again. Restore slots.json from a backup.",
        can_retry=False,
    ),
    Refusal(
        "not_encrypted",
        "An unencrypted file stands where the vault should be",
        "It was not opened and nothing was written. Put it aside and restore the vault from a backup.",
        can_retry=False,
    ),
    Refusal(
        "newer_schema",
        "A newer program wrote this vault",
        "It was left as it is. Install the newer Vestibule on this machine to open it.",
        can_retry=False,
    ),
    Refusal(
        "vault_damaged",
        "Part of the vault is damaged",
        "What is on the disk is not what was written. Nothing was changed. Restore the vault from a backup.",
        can_retry=False,
    ),
    Refusal(
        "vault_rolled_back",
        "The vault is older than it should be",
        "Its newest entries are missing; an old copy may have been put back. Nothing was changed. Ask for help.",
        can_retry=False,
    ),
    Refusal(
        "disk_full",
        "The disk is full",
        "Nothing more can be saved. What was saved before is safe. Make room and try again.",
    ),
    Refusal(
        "disk_failed",
        "The disk reported an error",
        "Nothing more is written. What was saved before is safe as far as the disk keeps it. Have the disk examined.",
    ),
    Refusal(
        "not_enough_memory",
        "There is not enough free memory to check the password",
        "It needs about half a gigabyte for a moment. Nothing was changed. Close other programs and try again.",
    ),
    Refusal(
        "weak_password",
        "The password is not good enough",
        "Nothing was changed. Take at least 15 characters; four or five words that do not belong together are best.",
    ),
    Refusal(
        "not_allowed",
        "This takes an administrator",
        "Nothing was changed. Ask an administrator of this office to do it.",
        can_retry=False,
    ),
    Refusal(
        "last_administrator",
        "Nobody else could let people in",
        "Nothing was changed. Make somebody else an administrator first.",
        can_retry=False,
    ),
    Refusal(
        "not_yourself",
        "Another administrator has to do this",
        "Nothing was changed. Nobody locks themselves out, or makes themselves something else.",
        can_retry=False,
    ),
    Refusal(
        "sign_in_code_does_not_fit",
        "The phone shows another code",
        "Nothing was changed. Look at the time of this computer and of the phone, and type the code of this moment.",
    ),
    Refusal("sign_in_no_code", "No code goes with your password", "Nothing was changed.", can_retry=False),
    Refusal("sign_in_no_second", "No key stick goes with your password", "Nothing was changed.", can_retry=False),
    Refusal(
        "sign_in_no_password",
        "You came in with a printed sheet",
        "There is no password of yours to change. Lock, and come in with a password.",
        can_retry=False,
    ),
    Refusal(
        "sign_in_stick_beside_vault",
        "This is the disk of the vault",
        "A key that lies beside what it opens protects nothing. Nothing was changed. Take a removable disk.",
    ),
    Refusal(
        "sign_in_stick_unwritable",
        "The disk cannot be written",
        "Nothing was changed. Plug it in again, look at its switch, or take another one.",
    ),
    Refusal("too_soon", "Too many wrong passwords", "Wait a moment, then try again."),
    Refusal("name_empty", "A name is missing", "Write the name and go on."),
    Refusal("name_too_long", "A name is too long", "Use at most 120 characters."),
    Refusal("text_has_nul", "A name holds an invisible character", "Type it again instead of pasting it."),
    Refusal("text_has_surrogate", "A name holds a broken character", "Type it again instead of pasting it."),
)
WORDS: dict[str, Refusal] = {refusal.code: refusal for refusal in _WORDS}

_UNKNOWN = Refusal(
    CODE_UNKNOWN,
    "It did not work",
    "Something unexpected happened. Nothing was sent anywhere. Try again; if it stays, look at Help, Diagnostics.",
)


def explain(error: Exception) -> Refusal:
    """Return the words for an error by its code; never the error's own text."""
    if isinstance(error, RecoveryCodeError):
        return _mistyped(error.group)
    if isinstance(error, SharesError):
        return _of_shares(error)
    if isinstance(error, TooSoonError):
        return _too_soon(-(-error.left_ms // 1000))
    return WORDS.get(str(getattr(error, "code", "")), _UNKNOWN)


_SHARES_WORDS = {
    "share_word_unknown": "Compare word {word} with the sheet: no share has such a word.",
    "share_wrong_number_of_words": "A share has 33 words. Count them on the sheet and type all of them.",
    "share_mistyped": "At least one word is another one of the list. Compare them all with the sheet.",
    "shares_too_few": "Type a second share below the first: any two of the three open the vault.",
    "share_twice": "This is the same share twice. Take another sheet for the second.",
    "shares_of_different_sets": "They were not made together. Look for sheets of the same day.",
}


def _of_shares(error: SharesError) -> Refusal:
    title = "These shares do not fit" if error.share is None else f"There is a slip in share {error.share}"
    text = _SHARES_WORDS.get(error.code, _UNKNOWN.text).format(word=error.word)
    return Refusal(error.code, title, text)


def _too_soon(seconds: int) -> Refusal:
    words = WORDS["too_soon"]
    return replace(words, text=f"Wait {seconds} second{'s' if seconds > 1 else ''}, then try again. Nothing was tried.")


def _mistyped(group: int | None) -> Refusal:
    if group is None:
        text = "It has 13 groups of five characters. Count them on the sheet and type all of them."
        return Refusal("recovery_code_mistyped", "The code is not complete", text)
    text = f"Compare group {group} with the sheet: letter by letter, there is at least one other."
    return Refusal("recovery_code_mistyped", f"There is a slip in group {group}", text)
