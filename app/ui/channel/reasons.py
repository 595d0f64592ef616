"""Why something was refused or could not be done, in words; only codes come in."""

from PySide6.QtCore import QCoreApplication


def refusal_words(code: str) -> str:
    """Why there is no connection, and what to do; codes of the gateway, the link and the dialler."""
    known = _gateway_words() | _way_words()
    return known.get(
        code.removeprefix("sign_in_"), _tr("It did not say why. Nothing was lost; what you send waits here. Ask IT.")
    )


def _gateway_words() -> dict[str, str]:
    """What the gateway itself said."""
    stranger = _tr("It does not know this office. Give IT the office file again: it names the key to sign in with.")
    return {
        "token": stranger,
        "unknown": stranger,
        "claimed": stranger,
        "expired": _tr("The office's card has expired there. Turn the channel off and on again to publish a new one."),
        "closed": _tr("It ended the connection. If that happens again and again, ask IT what was done there."),
        "version": _tr("It speaks another version. One of the two has to be updated."),
        "busy": _tr("It is too busy just now. It is tried again by itself."),
        "not_a_gateway": _tr("Something answers at this address, but it is no gateway. Check the address with IT."),
        "malformed": _tr("It sent what no gateway sends. Nothing of it was believed. Ask IT."),
        "too_large": _tr("It sent, or refused, something too large. Nothing was lost. Ask IT."),
    }


def _way_words() -> dict[str, str]:
    """What happened on the way there, or on this machine."""
    own = _tr("The process that talks to it could not be locked in on this machine, so it did not start. Ask IT.")
    return {
        "certificate": _tr("Its certificate was not accepted, and nothing was sent. Ask IT whether it was changed."),
        "tls": _tr("It did not speak TLS as it should, and nothing was sent. Ask IT."),
        "unresolved": _tr("Nobody knows this name. Check the address, and whether this machine is on the network."),
        "not_allowed": _tr("IT fixed another gateway for this machine; this one is not contacted."),
        "not_local": _tr("Without TLS only a gateway on this machine is contacted."),
        "refused": _tr("Nothing listens at this address and port. Is the gateway running?"),
        "unreachable": _tr("There is no way to it: the network is down, or a firewall stands between."),
        "timed_out": _tr("It did not answer in time: the network is slow, or a firewall stands between."),
        "silent": _tr("Nothing was heard for too long: a cable was pulled, or the network changed."),
        "no_answer": _tr("A question was not answered in time. It is asked again."),
        "not_taken": _tr("Something came that this desk could not store. Is the disk full? It comes again."),
        "not_confined": own,
        "worker_died": _tr("The process that talks to it ended. It is started again."),
        "no_dialler": own,
        "not_handed_over": own,
        "bad_request": own,
    }


def problem_words(code: str) -> str:
    """Why something could not be done; codes of the services and of the page's own checks."""
    words = _problem_words() | _ability_words()
    return words.get(
        code.removeprefix("channel_"), _tr("It did not work ({code}). Nothing was changed.").format(code=code)
    )


def _problem_words() -> dict[str, str]:
    return {
        "no_keys": _tr("First make the office's root code."),
        "has_keys": _tr("The office has its keys already. The root code is on paper."),
        "wrong_code": _tr("That is not this office's root code. Nothing was changed."),
        "recovery_code": _tr("One of the groups is mistyped. Nothing was changed."),
        "no_notice": _tr("First write what patients read before they consent."),
        "notice": _tr("A part of what patients read is empty or too long. Nothing was changed."),
        "hours": _tr("These hours cannot be used. Nothing was changed."),
        "is_off": _tr("The patient channel is off."),
        "is_down": _tr("The gateway cannot be reached right now. Nothing was changed."),
        "place": _tr("This is no address of a gateway. Nothing was changed."),
        "demo": _tr("A demonstration vault only talks to a gateway on this machine. Nothing was changed."),
        "gateway_fixed": _tr("IT fixed another gateway for this machine. Nothing was changed."),
        "no_such_invitation": _tr("This invitation is not open any more."),
        "not_over_channel": _tr("This conversation did not come over the channel."),
        "has_ended": _tr("This conversation has ended. A new invitation begins another."),
        "file_empty": _tr("The file is empty. It was not attached."),
        "file_too_large": _tr("The file is larger than 25 MB. It was not attached."),
        "file_not_here": _tr("It has not arrived in full yet. It is fetched by itself."),
        "file_broken": _tr("It is not the file that was sent: it was refused, and nothing of it is kept."),
        "file_lost": _tr("The gateway lost it before it was fetched. They were asked to send it again."),
        "unreadable": _tr("The file cannot be read. It was not attached."),
        "name_empty": _tr("Who is it for?"),
        "name_too_long": _tr("The name is too long."),
        "disk_full": _tr("The disk is full. Nothing was changed."),
        "disk_failed": _tr("The disk reported an error. Nothing was changed."),
    }


def _ability_words() -> dict[str, str]:
    return {
        "takes_administrator": _tr("This takes an administrator."),
        "takes_it": _tr("This takes IT or an administrator."),
        "never_a_message": _tr("Your role never sees a message."),
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("channel", text)
