"""What can go wrong in this room.

::

    ChannelError                 ``code`` says which check failed
    ├── LinkFormatError          a link that is no invitation of ours
    ├── DocumentRefusedError     a card, certificate, notice, roster entry or receipt that does not hold
    ├── HandshakeRefusedError    a hello or an answer that does not hold
    ├── FrameRefusedError        a frame that does not hold
    ├── AttachmentRefusedError   a file that did not come whole, or is too large to leave
    └── NotNowError              our own side cannot send this now: no generation yet, or the message does not fit

The first five mean that somebody lied or something broke on the way: refused, counted, no state changed. The codes are
those of ``resources/docs/channel.md``; nothing here ever carries content.
"""


class ChannelError(Exception):
    """Root of this room's errors."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class LinkFormatError(ChannelError):
    """The text is not an invitation link."""

    def __init__(self) -> None:
        super().__init__("link")


class DocumentRefusedError(ChannelError):
    """malformed, office, signature, notice, expired, not_yet, older or forked (channel.md §2); receipt (§8)."""


class HandshakeRefusedError(ChannelError):
    """One of the codes of channel.md §5.1 and §5.2."""


class FrameRefusedError(ChannelError):
    """One of the codes of channel.md §6.1."""


class AttachmentRefusedError(ChannelError):
    """too_large, empty, broken (a tag or the filling), digest or cut (FINAL missing or early); channel.md §9."""


class NotNowError(ChannelError):
    """not_confirmed (the patient's first frame is due), too_large, too_many (hellos) or content (not of this kind)."""
