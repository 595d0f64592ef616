"""What the channel asks before it does something."""

from PySide6.QtCore import QCoreApplication

from app.domain.channel import ChannelStatus
from app.ui.channel.asking_sheet import Question
from app.ui.channel.measures import bytes_words
from app.ui.components.untrusted import readable_line
from app.ui.components.veil import person_line
from app.ui.inbox.ages import counted
from app.ui.theme import IconName


def revoke_question(untrusted_name: str) -> Question:
    """Before an invitation is taken back."""
    name = person_line(untrusted_name, 50)
    return Question(
        _tr("Take back the invitation for {name}?").format(name=name),
        _tr("The link opens nothing any more; whoever has it on paper reads that. You can make another at any time."),
        _tr("Take it back"),
        _tr("Leave it open"),
        IconName.CLOSE,
    )


def wipe_question(count: int) -> Question:
    """Before the gateway forgets everything."""
    pieces = counted(count, _tr("piece"), _tr("pieces"))
    return Question(
        _tr("Wipe what the gateway holds?"),
        _tr(
            "{pieces} of ciphertext are deleted there. What you sent and nobody has fetched is sent again by itself;"
            " what visitors sent and has not arrived here is lost, and their page tells them so."
        ).format(pieces=pieces),
        _tr("Wipe {pieces}").format(pieces=pieces),
        _tr("Keep them there"),
        IconName.TRASH,
        is_final=True,
    )


def off_question(status: ChannelStatus) -> Question:
    """Before the channel is turned off."""
    words = _tr(
        "The connection ends now and nothing leaves this office any more. Conversations stay here. Visitors can still"
        " open the page: they read that the office is not connected, and what they write waits at the gateway.\n\n"
        "Turn it on again at any time; nothing has to be set up anew."
    )
    left = status.waiting_count + status.undelivered_count
    if left:
        words += "\n\n" + _tr("{count} that you sent have not arrived. They go on when you turn it on again.").format(
            count=counted(left, _tr("message"), _tr("messages"))
        )
    return Question(_tr("Turn the patient channel off?"), words, _tr("Turn it off"), _tr("Leave it on"), IconName.STOP)


def end_question(untrusted_contact: str) -> Question:
    """Before the office ends a conversation."""
    return Question(
        _tr("End the conversation with {name}?").format(name=person_line(untrusted_contact, 50)),
        _tr(
            "They read that it has ended and cannot write here any more. What was written stays, here and in their"
            " browser. A new invitation begins another."
        ),
        _tr("End it"),
        _tr("Leave it open"),
        IconName.CLOSE,
        is_final=True,
    )


def attach_question(untrusted_name: str, size: int, untrusted_contact: str) -> Question:
    """Before a file leaves."""
    contact = person_line(untrusted_contact, 50)
    return Question(
        _tr("Send this file to {name}?").format(name=contact),
        _tr(
            "{file}, {size}. It leaves encrypted and cannot be taken back. What is hidden inside it goes along: who"
            " made it, when, and for photographs often where."
        ).format(file=readable_line(untrusted_name, 120), size=bytes_words(size)),
        _tr("Send the file"),
        _tr("Do not send it"),
        IconName.ATTACH,
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("channel", text)
