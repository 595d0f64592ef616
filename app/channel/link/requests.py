"""What can be asked of a gateway over a link: each call gives a future; the result is what its answer means."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final

from app.channel.link.errors import LinkRefusedError
from app.channel.link.holdings import MAX_PAGES, HoldingsPage, merged, read_page
from app.domain.post import (
    FIRST_ADDRESS,
    BlobDrop,
    BlobGet,
    BlobPut,
    Card,
    Close,
    Holdings,
    NoCode,
    Ok,
    Open,
    Put,
    Request,
    Taken,
    Wipe,
    chunk_of,
    seq_of,
)

_NUMBER: Final = 0  # each request gets its own when it is sent


class Requests:
    """The requests of a desk. Whoever inherits says in ``_ask`` how one travels."""

    def put(self, address: bytes, frame: bytes) -> Future[int]:
        """Give the gateway a frame; the result is its seq, and means that it is on disk there."""
        return self._ask(Put(_NUMBER, address, frame), seq_of)

    def taken(self, address: bytes, seq: int) -> Future[None]:
        """Say that everything that came from ``address`` up to ``seq`` is durable here."""
        return self._ask(Taken(_NUMBER, address, seq), _nothing)

    def open_mailbox(self, address: bytes, token_hash: bytes, until_ms: int) -> Future[None]:
        """Make a mailbox that whoever holds the token may claim until ``until_ms``."""
        return self._ask(Open(_NUMBER, address, token_hash, until_ms), _nothing)

    def close_mailbox(self, address: bytes) -> Future[None]:
        """Have the gateway forget everything at ``address``."""
        return self._ask(Close(_NUMBER, address), _nothing)

    def publish(self, document: bytes) -> Future[None]:
        """Have the gateway serve this office document from now on."""
        return self._ask(Card(_NUMBER, document), _nothing)

    def wipe(self) -> Future[None]:
        """Have the gateway delete everything it holds for this office."""
        return self._ask(Wipe(_NUMBER), _nothing)

    def blob_put(self, address: bytes, blob: bytes, index: int, total: int, chunk: bytes) -> Future[None]:
        """Give the gateway one chunk of an attachment."""
        return self._ask(BlobPut(_NUMBER, address, blob, index, total, chunk), _nothing)

    def blob_get(self, address: bytes, blob: bytes, index: int) -> Future[tuple[int, bytes]]:
        """Ask for one chunk of an attachment; the result is (count of all chunks, this chunk)."""
        return self._ask(BlobGet(_NUMBER, address, blob, index), chunk_of)

    def blob_drop(self, address: bytes, blob: bytes) -> Future[None]:
        """Say that an attachment is durable here."""
        return self._ask(BlobDrop(_NUMBER, address, blob), _nothing)

    def holdings(self) -> Future[dict[str, Any]]:
        """Ask what the gateway holds: ``now_ms``, ``closed``, ``disk_bytes`` and all ``mailboxes``, as it says so."""
        whole: Future[dict[str, Any]] = Future()
        self._next_page(whole, [], FIRST_ADDRESS)
        return whole

    def _next_page(self, whole: Future[dict[str, Any]], pages: list[HoldingsPage], after: bytes) -> None:
        def gather(page: Future[HoldingsPage]) -> None:
            problem = page.exception()
            if problem is not None:
                whole.set_exception(problem)
            elif (last := page.result().last) is None:
                whole.set_result(merged([*pages, page.result()]))
            elif len(pages) + 1 >= MAX_PAGES:
                whole.set_exception(LinkRefusedError(NoCode.MALFORMED))
            else:
                self._next_page(whole, [*pages, page.result()], last)

        asked: Future[HoldingsPage] = self._ask(Holdings(_NUMBER, after), lambda ok: read_page(ok.payload, after))
        asked.add_done_callback(gather)

    def _ask(self, request: Request, understand: Callable[[Ok], Any]) -> Future[Any]:
        """Send a request; the future gets what ``understand`` makes of the answer, or a ``ChannelError``."""
        raise NotImplementedError


def _nothing(_ok: Ok) -> None:
    """An answer that says only that it is done."""
