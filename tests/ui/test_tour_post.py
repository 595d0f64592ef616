"""The post office in memory of the guided tour: it does what a gateway promises, in turn, and tells what it holds."""

from collections.abc import Iterator

import pytest

from app.channel.link.errors import LinkRefusedError
from app.domain.channel import GatewayPlace, LinkPhase
from app.ui.tour.link import TourLink, link_to
from app.ui.tour.post import TourPost

ADDRESS, HASH, BLOB = b"a" * 16, b"h" * 32, b"b" * 16
NOW_MS = 1_790_000_000_000


@pytest.fixture
def post() -> Iterator[TourPost]:
    made = TourPost(lambda: NOW_MS)
    yield made
    made.close()


@pytest.fixture
def link(post: TourPost) -> TourLink:
    made = link_to(post)(GatewayPlace("localhost", 8443, "https://localhost:8443/"), b"o" * 32, b"t" * 32)
    assert isinstance(made, TourLink)
    made.open_mailbox(ADDRESS, HASH, NOW_MS + 1).result()
    return made


def settle(post: TourPost) -> None:
    """Wait until everything that was begun is done, and what that began."""
    for _ in range(3):
        post.do(lambda: None).result()


def test_what_came_before_the_desk_listens_is_handed_over_when_it_does(post: TourPost, link: TourLink) -> None:
    seq = post.do(lambda: post.put(ADDRESS, b"early", to_desk=True)).result()
    came: list[tuple[bytes, int, bytes]] = []
    link.on_frame(lambda *frame: came.append(frame))
    assert link.state.phase is LinkPhase.OFF
    link.start()
    settle(post)
    assert (link.state.phase, came) == (LinkPhase.ON, [(ADDRESS, seq, b"early")])
    link.taken(ADDRESS, seq).result()
    link.stop()
    link.start()
    settle(post)
    assert len(came) == 1, "what was taken does not come again"


def test_the_same_bytes_have_one_place_and_reach_the_patient_once(post: TourPost, link: TourLink) -> None:
    heard: list[tuple[int, bytes]] = []
    post.do(post.listen, ADDRESS, lambda *frame: heard.append(frame)).result()
    places = {link.put(ADDRESS, b"answer").result() for _ in range(3)}
    settle(post)
    assert heard == [(places.pop(), b"answer")]
    assert places == set()


def test_nobody_writes_to_a_mailbox_that_was_closed(link: TourLink) -> None:
    link.close_mailbox(ADDRESS).result()
    with pytest.raises(LinkRefusedError):
        link.put(ADDRESS, b"answer").result()


def test_files_lie_there_until_they_are_dropped_and_sizes_are_told(post: TourPost, link: TourLink) -> None:
    link.blob_put(ADDRESS, BLOB, 0, 1, b"chunk").result()
    assert link.blob_get(ADDRESS, BLOB, 0).result() == (1, b"chunk")
    post.do(lambda: post.put(ADDRESS, b"12345678", to_desk=True)).result()
    (held,) = link.holdings().result()["mailboxes"]
    assert (held["to_desk"]["bytes"], held["blobs"]["bytes"], held["claimed"]) == (8, 5, False)
    link.blob_drop(ADDRESS, BLOB).result()
    with pytest.raises(LinkRefusedError):
        link.blob_get(ADDRESS, BLOB, 0).result()
    link.wipe().result()
    assert link.holdings().result()["mailboxes"] == []
