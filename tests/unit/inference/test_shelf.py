"""Which slot of the cache a prompt goes on from."""

from app.inference.shelf import MIN_SHARED_TOKENS, CacheShelf

OPENING = list(range(1000, 1020))


def thread(number: int, length: int = 40) -> list[int]:
    """Return the tokens of a conversation; all share their opening only."""
    return [*OPENING, *range(number * 100, number * 100 + length)]


def put(shelf: CacheShelf, prompt: list[int]) -> tuple[int, int]:
    slot, shared = shelf.choose(prompt, len(OPENING))
    shelf.tokens(slot)[shared:] = prompt[shared:]
    return slot, shared


def test_new_conversations_fill_the_slots_one_by_one() -> None:
    shelf = CacheShelf(3)
    assert [put(shelf, thread(number))[0] for number in (1, 2, 3)] == [0, 1, 2]


def test_a_thread_that_grows_comes_back_to_its_slot() -> None:
    shelf = CacheShelf(3)
    for number in (1, 2, 3):
        put(shelf, thread(number))
    assert put(shelf, thread(2, length=60)) == (1, 60)
    assert put(shelf, thread(1)[:-5]) == (0, 55)


def test_a_new_conversation_takes_the_slot_used_longest_ago_and_keeps_the_opening() -> None:
    shelf = CacheShelf(3)
    for number in (1, 2, 3, 1):
        put(shelf, thread(number))
    assert put(shelf, thread(4)) == (1, len(OPENING))


def test_a_few_words_in_common_do_not_make_the_same_conversation() -> None:
    shelf = CacheShelf(2)
    put(shelf, thread(1))
    put(shelf, thread(2))
    greeting = [*thread(2)[: len(OPENING) + MIN_SHARED_TOKENS - 1], 7777, 7778, 7779]
    assert put(shelf, greeting)[0] == 0, "the older slot, not the one that begins alike"
    same = [*thread(2)[: len(OPENING) + MIN_SHARED_TOKENS], 7777, 7778, 7779]
    assert put(shelf, same) == (1, len(OPENING) + MIN_SHARED_TOKENS)


def test_the_same_short_prompt_comes_back_to_its_slot() -> None:
    shelf = CacheShelf(2)
    short = [*OPENING, 1, 2]
    put(shelf, short)
    put(shelf, thread(1))
    assert put(shelf, short) == (0, len(short))


def test_a_prompt_that_goes_on_where_a_short_one_ends_comes_back_to_its_slot() -> None:
    shelf = CacheShelf(2)
    short = [*OPENING, 1, 2]
    put(shelf, short)
    shelf.tokens(0).extend([50, 51, 52])  # the answer
    put(shelf, thread(1))
    assert put(shelf, [*short, 3, 4, 5]) == (0, len(short))


def test_with_one_slot_everything_shares_it() -> None:
    shelf = CacheShelf(1)
    assert put(shelf, thread(1)) == (0, 0)
    assert put(shelf, thread(2)) == (0, len(OPENING))
