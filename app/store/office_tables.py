"""The tables of the office itself: its name and staff, and its approved answers."""

from sqlalchemy import Connection, delete, insert

from app.domain.events import Event, EventKind
from app.domain.ids import OFFICE
from app.store import tables
from app.store.codec import KeySource, seal_column

_REPLACE_ARTICLE = insert(tables.article).prefix_with("OR REPLACE")


class OfficeTables:
    """Applies the events of the office's own stream within the caller's transaction; a part of ``Projector``."""

    def __init__(self, connection: Connection, keys: KeySource) -> None:
        self._connection = connection
        self._keys = keys

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
            case EventKind.INTERLOCK_SIGNED:
                pass  # rare, and read from the log itself
            case _:
                raise AssertionError(event.kind)
