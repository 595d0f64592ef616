"""What an administrator decides for the channel: keys, what patients read, opening hours, the file for IT."""

from app.channel.digests import token_hash
from app.domain.channel import (
    NoticeTexts,
)
from app.domain.events import EventKind
from app.domain.ids import OFFICE
from app.domain.office_hours import Hours
from app.domain.roles import Right
from app.services.channel.hours import hours_from_json, hours_to_json
from app.services.channel.office_file import office_file
from app.services.channel.parts import ChannelParts
from app.store.channel import secrets
from app.store.logged import NewEvent

_HOURS = "hours"


class OfficeSide(ChannelParts):
    """Keys, notice, hours."""

    def make_office_keys(self) -> str:
        """Return a fresh root as a code to print; see ``OfficeKeys.make``."""
        return self._keys.make()

    def confirm_office_keys(self, typed: str, notice: NoticeTexts | None = None) -> str:
        """Make the keys once the code was typed from paper, and return the office's fingerprint.

        Raises:
            RecoveryCodeError, ChannelRefusedError, NotYoursError: see ``OfficeKeys.confirm``.
        """
        words = self._keys.confirm(typed)
        if notice is not None:
            self._keys.set_notice(notice)
        self._tell(OFFICE)
        return words

    def recertify(self, typed: str) -> None:
        """Have the root on paper vouch for another three years; see ``OfficeKeys.recertify``."""
        self._keys.recertify(typed)
        self._line.publish()

    def notice(self) -> NoticeTexts | None:
        """Return what patients read first, None before it was written."""
        return self._keys.notice()

    def set_notice(self, texts: NoticeTexts) -> NoticeTexts:
        """Set what patients read first; see ``OfficeKeys.set_notice``."""
        texts = self._keys.set_notice(texts)
        self._line.publish()
        return texts

    def hours(self) -> Hours | None:
        """Return when somebody is at the desk, None before it was said."""
        with self._ledger.reading() as connection:
            found = secrets.read_setting(connection, self._ledger.keys, _HOURS)
        return None if found is None else hours_from_json(found)

    def set_hours(self, hours: Hours) -> None:
        """Say when somebody is at the desk, and what is said at once to whoever writes when nobody is.

        Raises:
            NotYoursError: not an administrator.
        """
        json, keys = hours_to_json(hours), self._ledger.keys
        event = NewEvent(OFFICE, EventKind.HOURS_SET, {"hours": json})
        self._ledger.write_all((event,), OFFICE, lambda c, _events: secrets.write_setting(c, keys, _HOURS, json))

    def office_file(self) -> bytes:
        """Return what IT starts the gateway with: nothing secret.

        Raises:
            NotYoursError: not an administrator.
            ChannelRefusedError: no keys or no notice yet.
        """
        self._ledger.require(Right.MANAGE_CHANNEL)
        return office_file(self._keys.office_id, token_hash(self._keys.token), self._keys.standing.data)
