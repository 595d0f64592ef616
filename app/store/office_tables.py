"""The tables of the office itself: its name and staff, its approved answers and their unsaved texts."""

from sqlalchemy import Connection, bindparam, delete, insert, select

from app.domain.events import Event, EventKind
from app.domain.ids import OFFICE
from app.store import tables
from app.store.codec import KeySource, seal_column

PEOPLE_KINDS = frozenset(
    {
        EventKind.PERSON_ADDED,
        EventKind.PERSON_CHANGED,
        EventKind.PERSON_DISABLED,
        EventKind.SIGN_IN_RESET,
        EventKind.SIGN_IN_CHANGED,
        EventKind.KEYS_ROTATED,
        EventKind.RECOVERY_SHARED,
        EventKind.SIGN_IN_REFUSED,
        EventKind.SECOND_FACTOR_SET,
        EventKind.SECOND_FACTOR_REMOVED,
        EventKind.SECOND_FACTOR_REFUSED,
        EventKind.SPARE_CODE_USED,
        EventKind.RECOVERY_PROVEN,
        EventKind.RECOVERY_RENEWED,
        EventKind.EMERGENCY_OPENED,
        EventKind.EMERGENCY_ENDED,
        EventKind.EMERGENCY_REVIEWED,
        EventKind.IDLE_LIMITS_SET,
    }
)
"""What happens to people and keys: ids and counts, never a name."""

AUDIT_KINDS = frozenset(
    {
        EventKind.LOOKED_AT,
        EventKind.EXPORTED,
        EventKind.ANONYMISED_SET_EXPORTED,
        EventKind.AUDIT_READ,
        EventKind.AUDIT_EXPORTED,
        EventKind.CHECKPOINT_SIGNED,
        EventKind.SUBJECT_REQUEST_TAKEN,
        EventKind.SUBJECT_REQUEST_CLOSED,
    }
)
"""What changes nothing and is told all the same."""

CHANNEL_KINDS = frozenset(
    {
        EventKind.CHANNEL_TURNED_ON,
        EventKind.CHANNEL_TURNED_OFF,
        EventKind.OFFICE_KEYS_MADE,
        EventKind.CARD_RENEWED,
        EventKind.INVITATION_MADE,
        EventKind.INVITATION_REVOKED,
        EventKind.HOURS_SET,
        EventKind.NOTICE_SET,
        EventKind.MAILBOXES_WIPED,
    }
)
"""What happens to the patient channel as a whole: what stands now is in the tables of ``app.store.channel``."""

_unsent = tables.unsent.c
_REPLACE_ARTICLE = insert(tables.article).prefix_with("OR REPLACE")
_REPLACE_UNSENT = insert(tables.unsent).prefix_with("OR REPLACE")
_SELECT_SHEDDABLE = select(_unsent.sheddable_seq).where(
    _unsent.conversation_id == OFFICE, _unsent.tab == bindparam("sheet")
)
_SELECT_SEQ = select(tables.event.c.seq).where(tables.event.c.event_id == bindparam("event_id"))
_DELETE_UNSENT = delete(tables.unsent).where(_unsent.conversation_id == OFFICE, _unsent.tab == bindparam("sheet"))


class OfficeTables:
    """Applies the events of the office's own stream within the caller's transaction; a part of ``Projector``."""

    def __init__(self, connection: Connection, keys: KeySource) -> None:
        self._connection = connection
        self._keys = keys
        self._superseded: list[int] = []

    def take_superseded(self) -> list[int]:
        """Return, once, the numbers of the events whose text has been replaced; see ``app.store.composer``."""
        taken, self._superseded = self._superseded, []
        return taken

    def apply(self, seq: int, event: Event) -> None:
        """Apply one event; the newest name of the office and the newest text of each answer count."""
        body, key = event.body, self._keys.key_for(OFFICE)
        match event.kind:
            case EventKind.OFFICE_NAMED:
                self._connection.execute(delete(tables.office))
                content = seal_column(key, dict(body), "office.content", OFFICE, "", seq)
                self._connection.execute(insert(tables.office), {"seq": seq, "content": content})
            case EventKind.ARTICLE_APPROVED:
                article = body["article"]
                assert isinstance(article, dict)
                article_id = str(article["article_id"])
                content = seal_column(key, article, "article.content", OFFICE, article_id, seq)
                self._connection.execute(_REPLACE_ARTICLE, {"article_id": article_id, "seq": seq, "content": content})
            case EventKind.ARTICLE_WITHDRAWN:
                withdrawn = delete(tables.article).where(tables.article.c.article_id == body["article_id"])
                self._connection.execute(withdrawn)
            case EventKind.TEXT_SAVED:
                self._save_text(seq, str(body["tab"]), str(body["text"]), key)
            case EventKind.OFFICE_RULE_SET | EventKind.OFFICE_RULE_REMOVED:
                self._supersede(body["replaces"])  # the rules themselves are few, and read from the log
            case (
                EventKind.INTERLOCK_SIGNED
                | EventKind.RETENTION_SIGNED
                | EventKind.ERASURE_CERTIFIED
                | EventKind.BACKUP_TAKEN
            ):
                pass  # rare, and read from the log itself
            case kind if kind in AUDIT_KINDS:
                pass  # read by auditors, from the log
            case kind if kind in CHANNEL_KINDS:
                pass  # told to auditors
            case kind if kind in PEOPLE_KINDS:
                pass  # read from the log by whoever audits; who may open the vault stands in the slot file
            case _:
                raise AssertionError(event.kind)

    def _supersede(self, event_id: object) -> None:
        """Let the event that a newer one replaces lose its words: a name that left a list is nowhere any more."""
        seq = self._connection.execute(_SELECT_SEQ, {"event_id": event_id}).scalar()
        if seq is not None:
            self._superseded.append(seq)

    def _save_text(self, seq: int, tab: str, text: str, key: bytes) -> None:
        """Keep the newest unsaved text of an answer's editor; "" clears it, and what it replaces loses its words."""
        sheddable_seq = self._connection.execute(_SELECT_SHEDDABLE, {"sheet": tab}).scalar()
        if sheddable_seq is not None:
            self._superseded.append(sheddable_seq)
        if not text:
            self._connection.execute(_DELETE_UNSENT, {"sheet": tab})
            return
        content = seal_column(key, text, "unsent.content", OFFICE, tab, seq)
        row = {"conversation_id": OFFICE, "tab": tab, "seq": seq, "sheddable_seq": seq, "content": content}
        self._connection.execute(_REPLACE_UNSENT, row)
