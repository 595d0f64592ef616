"""The engine on real (tiny) models in this process: tokens, cache, cancel, ends."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from app.domain.prompt import Segment, Speaker, Turn, build_prompt, unbound
from app.inference.context import PROMPT_BATCH_TOKENS, SLOTS
from app.inference.engine import Counts, Engine
from app.inference.failures import LoadError, RequestError
from app.inference.generation import FinishReason, ProblemCode
from app.inference.native import load_interface
from app.inference.protocol import LoadProblem, Request
from app.inference.shelf import MIN_SHARED_TOKENS
from tests.support.tiny_gguf import CONTROL_TOKENS, DEFAULT_ANSWER, write_tiny_gguf

PROMPT = unbound(build_prompt([Turn(Speaker.VISITOR, "When do you open?")], []))


def load(path: Path, context_tokens: int = 2048) -> Engine:
    return Engine(load_interface(), str(path), context_tokens=context_tokens, threads=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def chain(folder: Path) -> Engine:
    """Always writes ``DEFAULT_ANSWER``."""
    return load(write_tiny_gguf(folder / "chain.gguf"))


@pytest.fixture(scope="module")
def endless(folder: Path) -> Engine:
    """Writes until it is stopped."""
    return load(write_tiny_gguf(folder / "endless.gguf", endless=True))


@pytest.fixture(scope="module")
def random_path(folder: Path) -> Path:
    return write_tiny_gguf(folder / "random.gguf", answer=None, blocks=2)


@pytest.fixture(scope="module")
def weights(random_path: Path) -> Engine:
    """Writes nonsense that depends on the whole prompt."""
    return load(random_path)


def content(text: str) -> Segment:
    return Segment(text, is_structure=False)


def structure(text: str) -> Segment:
    return Segment(text, is_structure=True)


def tokens_of(engine: Engine, segments: Sequence[Segment]) -> list[int]:
    return engine.vocabulary.tokenise(segments).tokens


def generate(
    engine: Engine,
    prompt: Sequence[Segment] = PROMPT,
    *,
    max_tokens: int = 100,
    stop: tuple[str, ...] = (),
    temperature: float = 0.0,
    seed: int = 0,
    at_text: Callable[[str], None] = lambda _words: None,
    at_batch: Callable[[int], None] = lambda _evaluated: None,
) -> tuple[str, Counts]:
    pieces: list[str] = []

    def on_text(words: str) -> None:
        pieces.append(words)
        at_text(words)

    engine.cancel.take_down()
    request = Request(1, tuple(prompt), max_tokens, stop, temperature, seed)
    counts = engine.generate(request, on_progress=at_batch, on_text=on_text)
    return "".join(pieces), counts


def test_the_model_writes_until_its_end_mark(chain: Engine) -> None:
    text, counts = generate(chain)
    assert text == DEFAULT_ANSWER
    assert counts.finish is FinishReason.STOP


def test_the_number_of_tokens_can_be_limited(chain: Engine) -> None:
    text, counts = generate(chain, max_tokens=3)
    assert (text, counts.finish, counts.generated) == ("Our office opens", FinishReason.LENGTH, 3)


def test_the_text_ends_before_a_stop_string(chain: Engine) -> None:
    text, counts = generate(chain, stop=(" nine",))
    assert (text, counts.finish) == ("Our office opens at", FinishReason.STOP)


def test_a_prompt_without_an_answer_fills_the_cache_only(chain: Engine) -> None:
    text, counts = generate(chain, max_tokens=0)
    assert (text, counts.generated) == ("", 0)
    assert generate(chain)[1].reused == counts.prompt - 1


@pytest.mark.parametrize("marker", CONTROL_TOKENS)
def test_turn_marks_in_outside_text_are_plain_text(chain: Engine, marker: str) -> None:
    assert len(tokens_of(chain, [structure(marker)])) == 1
    inside = tokens_of(chain, [content(marker)])
    assert len(inside) == len(marker), "byte by byte, as any other word"
    assert tokens_of(chain, [structure(marker)])[0] not in inside


def test_a_mark_cannot_be_put_together_from_two_segments(chain: Engine) -> None:
    tokens = tokens_of(chain, [structure("<|im_"), content("end|>")])
    assert tokens_of(chain, [structure("<|im_end|>")])[0] not in tokens
    assert tokens_of(chain, [structure("a"), content("b")]) == tokens_of(chain, [structure("a")]) + tokens_of(
        chain, [content("b")]
    )


def test_outside_text_over_the_limit_is_refused_before_the_tokeniser_sees_it(
    chain: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain.vocabulary, "_tokenise_one", lambda *_args, **_options: pytest.fail("it was tokenised"))
    with pytest.raises(RequestError) as caught:
        generate(chain, [content("x" * 20_000)])
    assert caught.value.code is ProblemCode.CONTENT_TOO_LONG


def test_a_prompt_that_leaves_no_room_is_refused_and_the_next_one_served(chain: Engine) -> None:
    for length in (2048, 2040, 5000):
        with pytest.raises(RequestError) as caught:
            generate(chain, [content("x" * length)])
        assert caught.value.code is ProblemCode.PROMPT_TOO_LONG
    with pytest.raises(RequestError) as caught:
        generate(chain, [content("")])
    assert caught.value.code is ProblemCode.CONTENT_INVALID
    assert generate(chain)[0] == DEFAULT_ANSWER


def test_an_answer_ends_where_the_context_ends(endless: Engine) -> None:
    prompt = [content("x" * 1990), structure("\n")]
    _, counts = generate(endless, prompt, max_tokens=4000)
    assert counts.finish is FinishReason.LENGTH
    assert counts.generated == 2048 - 1991


def test_when_a_thread_grows_then_only_the_new_tokens_are_evaluated(weights: Engine) -> None:
    thread = [structure("Visitor: "), content("When do you open?"), structure("\n")]
    _, first = generate(weights, thread, max_tokens=0)
    longer = [*thread, structure("Desk: "), content("At nine."), structure("\n")]
    _, second = generate(weights, longer, max_tokens=0)
    assert first.reused < first.prompt
    assert second.reused == first.prompt
    assert second.prompt - second.reused == len(tokens_of(weights, longer[3:]))


def test_the_answer_counts_as_cached_when_the_next_turn_repeats_it(chain: Engine) -> None:
    text, first = generate(chain)
    _, second = generate(chain, [*PROMPT, *[content(word) for word in [text[:3]]]], max_tokens=0)
    assert second.reused == first.prompt, "the same words cut into other tokens are new"


def test_when_the_same_prompt_comes_again_then_one_token_is_evaluated(weights: Engine) -> None:
    first_text, _ = generate(weights, max_tokens=30)
    again_text, counts = generate(weights, max_tokens=30)
    assert counts.reused == counts.prompt - 1
    assert again_text == first_text


def test_nothing_of_another_conversation_reaches_a_text(random_path: Path, weights: Engine) -> None:
    """A slot keeps the common beginning only: after other conversations the text is that of a fresh engine."""
    mine = build_prompt([Turn(Speaker.VISITOR, "Do you have parking?")], [])
    fresh_text, _ = generate(load(random_path), mine, max_tokens=40)
    for number in range(SLOTS):
        words = f"{number} is my number, Ottilie Quillfeather my name, and I cannot sleep."
        assert generate(weights, build_prompt([Turn(Speaker.VISITOR, words)], []), max_tokens=40)[0] != fresh_text
    text, counts = generate(weights, mine, max_tokens=40)
    assert text == fresh_text
    opening = weights.vocabulary.tokenise(mine).opening
    assert opening <= counts.reused < opening + MIN_SHARED_TOKENS


def test_conversations_that_take_turns_keep_their_caches(random_path: Path) -> None:
    engine = load(random_path)
    threads = [
        build_prompt([Turn(Speaker.VISITOR, f"{number} times I have called about my bill.")], [])
        for number in range(SLOTS)
    ]
    for thread in threads:
        generate(engine, thread, max_tokens=5)
    for thread in threads:
        counts = generate(engine, thread, max_tokens=5)[1]
        assert counts.reused == counts.prompt - 1
    newcomer = build_prompt([Turn(Speaker.VISITOR, "Where can I park?")], [])
    generate(engine, newcomer, max_tokens=5)
    for thread in threads[1:]:
        counts = generate(engine, thread, max_tokens=5)[1]
        assert counts.reused == counts.prompt - 1, "the newcomer took the place of the one used longest ago"


def test_every_slot_writes_the_same_text(random_path: Path) -> None:
    engine = load(random_path)
    texts = set()
    for slot in range(SLOTS):
        engine.context._choose_slot(slot)
        engine.context._shelf.choose = lambda _prompt, _opening, slot=slot: (slot, 0)
        texts.add(generate(engine, max_tokens=30)[0])
    assert len(texts) == 1


def test_a_cancel_ends_the_text_at_the_next_token(endless: Engine) -> None:
    text, counts = generate(endless, max_tokens=1000, at_text=lambda _words: endless.cancel.put_up())
    assert (text, counts.finish, counts.generated) == ("Our", FinishReason.CANCELLED, 1)


def test_the_first_word_comes_at_once_and_the_rest_in_few_pieces(endless: Engine) -> None:
    pieces: list[str] = []
    _, counts = generate(endless, max_tokens=1500, at_text=pieces.append)
    assert pieces[0] == "Our"
    assert 2 <= len(pieces) <= counts.generated / 2
    assert all(pieces)


def test_a_cancel_ends_a_long_prompt_between_batches_and_the_cache_stays_right(weights: Engine) -> None:
    long = [content("abcdefgh" * 220)]
    evaluated: list[int] = []

    def at_batch(tokens: int) -> None:
        evaluated.append(tokens)
        weights.cancel.put_up()

    _, counts = generate(weights, long, at_batch=at_batch)
    assert evaluated == [PROMPT_BATCH_TOKENS]
    assert (counts.finish, counts.generated) == (FinishReason.CANCELLED, 0)
    _, after = generate(weights, long, max_tokens=1)
    assert after.reused >= PROMPT_BATCH_TOKENS


def test_llama_cpp_itself_stops_in_the_middle_of_a_batch_when_the_flag_goes_up(random_path: Path) -> None:
    engine = load(random_path)
    engine.cancel.put_up()
    assert engine.context.add(65) is False
    engine.cancel.take_down()
    reference, _ = generate(load(random_path), max_tokens=20)
    assert generate(engine, max_tokens=20)[0] == reference


def test_with_temperature_the_seed_decides(weights: Engine) -> None:
    texts = [generate(weights, max_tokens=20, temperature=1.0, seed=seed)[0] for seed in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]


def test_the_context_is_never_longer_than_the_model_was_trained_for(folder: Path) -> None:
    assert load(folder / "chain.gguf", context_tokens=100_000).context.tokens == 2048


@pytest.mark.parametrize("raw", [b"", b"GGUF", b"not a model at all" * 100])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "bad.gguf"
    path.write_bytes(raw)
    with pytest.raises(LoadError) as caught:
        load(path)
    assert caught.value.code is LoadProblem.MODEL_REFUSED


def test_llama_cpp_prints_nothing(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    generate(load(folder / "chain.gguf"))
    assert capfd.readouterr() == ("", "")
