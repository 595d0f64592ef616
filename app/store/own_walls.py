"""The walls that the person at the desk is within, and keys that somebody lent them for a while."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.crypto.identities import Identity
from app.domain.ids import ConversationId, PersonId
from app.store.conversation_keys import Behind, Wall, open_wall


@dataclass(frozen=True, slots=True)
class _Lent:
    behind: Behind
    until_s: float
    now_s: Callable[[], float]

    @property
    def is_over(self) -> bool:
        return self.now_s() >= self.until_s


class OwnWalls:
    """Opened boxes, in memory alone. What was lent is gone at its moment, whoever asks first."""

    def __init__(
        self,
        person_id: PersonId | None = None,
        identity: Identity | None = None,
        walls: Mapping[ConversationId, Wall] | None = None,
    ) -> None:
        self._person_id = person_id
        self._opened: dict[ConversationId, Behind] = {}
        self._lent: dict[ConversationId, _Lent] = {}
        if person_id is not None and identity is not None:
            found = ((cid, open_wall(wall, person_id, identity)) for cid, wall in (walls or {}).items())
            self._opened = {cid: behind for cid, behind in found if behind is not None}

    def __repr__(self) -> str:
        return "<OwnWalls hidden>"

    def behind(self, conversation_id: ConversationId) -> Behind | None:
        """Return what stands behind a wall; None for who is outside of it."""
        found = self._opened.get(conversation_id)
        if found is not None or not self._lent:
            return found
        lent = self._lent.get(conversation_id)
        if lent is not None and lent.is_over:
            self.take_back(conversation_id)
            return None
        return None if lent is None else lent.behind

    def key_of(self, conversation_id: ConversationId) -> bytes | None:
        """Return the key behind a wall; None for who is outside of it."""
        found = self.behind(conversation_id)
        return None if found is None else found.key

    def is_lent(self, conversation_id: ConversationId) -> bool:
        """Say whether a wall stands open by a borrowed key alone."""
        return conversation_id not in self._opened and self.behind(conversation_id) is not None

    def all(self) -> dict[ConversationId, Behind]:
        """Return everything that stands open by the person's own boxes."""
        return dict(self._opened)

    def set(self, conversation_id: ConversationId, wall: Wall, behind: Behind) -> None:
        """Take note of a wall as it has just been built: inside who has a box or a key that was lent, else outside."""
        if self._person_id is not None and self._person_id in wall.boxes:
            self._opened[conversation_id] = behind
            return
        self._opened.pop(conversation_id, None)
        lent = self._lent.get(conversation_id)
        if lent is not None:
            self._lent[conversation_id] = _Lent(behind, lent.until_s, lent.now_s)

    def forget(self, conversation_id: ConversationId) -> None:
        """There is no such wall any more."""
        self._opened.pop(conversation_id, None)
        self._lent.pop(conversation_id, None)

    def lend(self, conversation_id: ConversationId, behind: Behind, until_s: float, now_s: Callable[[], float]) -> None:
        """Hold a key until a moment of a clock that nobody can set."""
        self._lent[conversation_id] = _Lent(behind, until_s, now_s)

    def take_back(self, conversation_id: ConversationId) -> None:
        """Forget a key that was lent."""
        self._lent.pop(conversation_id, None)
