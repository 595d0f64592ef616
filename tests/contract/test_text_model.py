"""What every text model keeps, whoever writes the text (``app.services.ports.TextModel``).

Scenarios, one test each: the pieces make up the text; no listener is needed; cancelled; cancelled when it is over; a
failure carries its code; a wait has an end. The real worker keeps more: see ``TestModelWorker``.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from app.domain.prompt import Segment
from app.inference.errors import GenerationError
from app.inference.generation import FinishReason, Priority, ProblemCode
from app.inference.supervisor import ModelWorker, WorkerState
from app.services.ports import TextModel
from tests.support.model_workers import QUESTION, StateLog, running_worker
from tests.support.scripted_model import ScriptedModel
from tests.support.tiny_gguf import DEFAULT_ANSWER, write_tiny_gguf

WAIT_S = 30.0


class TextModelContract(ABC):
    """Inherited once for each implementation."""

    @abstractmethod
    def model(self) -> TextModel:
        """Return a model that answers ``DEFAULT_ANSWER``."""

    @abstractmethod
    def long_model(self) -> TextModel:
        """Return a model that is still writing when it is cancelled after its first piece."""

    @abstractmethod
    def failing_model(self) -> TextModel:
        """Return a model that gives no text."""

    def test_the_pieces_make_up_the_text(self) -> None:
        pieces: list[str] = []
        result = ask(self.model(), on_text=pieces.append).result(WAIT_S)
        assert result.text == "".join(pieces) == DEFAULT_ANSWER
        assert all(pieces)
        assert result.finish is FinishReason.STOP
        assert 0 <= result.first_token_ms <= result.total_ms

    def test_no_listener_is_needed(self) -> None:
        assert ask(self.model(), on_text=None).result(WAIT_S).text == DEFAULT_ANSWER

    def test_when_cancelled_then_the_text_so_far_is_the_result(self) -> None:
        model, pieces, first = self.long_model(), [], threading.Event()

        def on_text(piece: str) -> None:
            pieces.append(piece)
            first.set()

        generation = ask(model, on_text=on_text, max_tokens=1500)
        assert first.wait(WAIT_S)
        generation.cancel()
        result = generation.result(WAIT_S)
        assert result.finish is FinishReason.CANCELLED
        assert result.text == "".join(pieces)

    def test_when_it_is_over_then_a_cancel_changes_nothing(self) -> None:
        generation = ask(self.model(), on_text=None)
        result = generation.result(WAIT_S)
        generation.cancel()
        assert generation.result(0).text == result.text

    def test_a_failure_carries_its_code(self) -> None:
        with pytest.raises(GenerationError) as caught:
            ask(self.failing_model(), on_text=None).result(WAIT_S)
        assert isinstance(caught.value.code, ProblemCode)


def ask(model, *, on_text, max_tokens=60, priority=Priority.PERSON):
    return model.generate(
        QUESTION, max_tokens=max_tokens, stop=(), on_text=on_text or (lambda _piece: None), priority=priority
    )


class TestScriptedModel(TextModelContract):
    """The double that other tests use."""

    def model(self) -> TextModel:
        return ScriptedModel([DEFAULT_ANSWER])

    def long_model(self) -> TextModel:
        model = ScriptedModel([DEFAULT_ANSWER])
        model.pause()
        return model

    def failing_model(self) -> TextModel:
        return ScriptedModel([ProblemCode.WORKER_LOST])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def answering(folder: Path) -> Iterator[tuple[ModelWorker, StateLog]]:
    with running_worker(write_tiny_gguf(folder / "answering.gguf")) as pair:
        yield pair


@pytest.fixture(scope="module")
def endless(folder: Path) -> Iterator[tuple[ModelWorker, StateLog]]:
    with running_worker(write_tiny_gguf(folder / "endless.gguf", endless=True)) as pair:
        yield pair


class TestModelWorker(TextModelContract):
    """The real one: llama.cpp in a confined process."""

    @pytest.fixture(autouse=True)
    def _workers(self, answering: tuple[ModelWorker, StateLog], endless: tuple[ModelWorker, StateLog]) -> None:
        self.answering, self.answering_log = answering
        self.endless, self.endless_log = endless

    def model(self) -> TextModel:
        return self.answering

    def long_model(self) -> TextModel:
        return self.endless

    def failing_model(self) -> TextModel:
        return ModelWorker(Path("/nowhere/model.gguf"))

    def test_a_result_stays_what_it_was(self) -> None:
        generation = ask(self.answering, on_text=None)
        result = generation.result(WAIT_S)
        generation.cancel()
        assert generation.result(0) == result

    def test_the_same_prompt_again_evaluates_one_token(self) -> None:
        ask(self.answering, on_text=None).result(WAIT_S)
        again = ask(self.answering, on_text=None).result(WAIT_S)
        assert again.reused_tokens == again.prompt_tokens - 1

    def test_the_next_turn_evaluates_only_what_is_new(self) -> None:
        thread = list(QUESTION[:2])
        first = self.answering.generate(thread, max_tokens=0).result(WAIT_S)
        longer = [*thread, Segment(" And on Friday?", is_structure=False)]
        second = self.answering.generate(longer, max_tokens=0).result(WAIT_S)
        assert second.reused_tokens == first.prompt_tokens
        assert second.prompt_tokens - second.reused_tokens == len(" And on Friday?")

    def test_words_arrive_while_the_rest_is_being_written(self) -> None:
        seen_while_busy: list[bool] = []
        generation = ask(
            self.endless, on_text=lambda _piece: seen_while_busy.append(not generation.is_over), max_tokens=1500
        )
        generation.result(WAIT_S)
        assert len(seen_while_busy) > 1
        assert all(seen_while_busy)

    def test_a_stop_string_ends_the_text_before_it(self) -> None:
        result = self.answering.generate(QUESTION, max_tokens=60, stop=(" nine",)).result(WAIT_S)
        assert (result.text, result.finish) == ("Our office opens at", FinishReason.STOP)

    def test_a_limit_of_tokens_is_kept(self) -> None:
        result = self.endless.generate(QUESTION, max_tokens=7).result(WAIT_S)
        assert (result.generated_tokens, result.finish) == (7, FinishReason.LENGTH)

    def test_requests_are_served_in_their_order(self) -> None:
        ended: list[int] = []
        generations = [
            self.answering.generate(QUESTION, max_tokens=60, on_text=lambda _piece, number=number: ended.append(number))
            for number in range(5)
        ]
        for generation in generations:
            generation.result(WAIT_S)
        assert [number for number, following in pairwise([*ended, None]) if number != following] == [0, 1, 2, 3, 4]

    def test_one_that_waits_can_be_cancelled_before_it_begins(self) -> None:
        first = self.endless.generate(QUESTION, max_tokens=1500)
        waiting = self.endless.generate(QUESTION, max_tokens=1500)
        waiting.cancel()
        result = waiting.result(WAIT_S)
        assert (result.finish, result.text, result.generated_tokens) == (FinishReason.CANCELLED, "", 0)
        first.cancel()
        assert first.result(WAIT_S).finish is FinishReason.CANCELLED

    def test_a_person_is_served_before_the_preparation_that_runs_and_that_one_starts_over(self) -> None:
        order: list[str] = []
        busy = self.endless_log.states.count(WorkerState.BUSY)
        background = ask(
            self.endless,
            on_text=lambda _piece: order.append("background"),
            max_tokens=1500,
            priority=Priority.BACKGROUND,
        )
        self.endless_log.wait_for(WorkerState.BUSY, busy + 1)
        person = ask(self.endless, on_text=lambda _piece: order.append("person"), max_tokens=3)
        assert person.result(WAIT_S).finish is FinishReason.LENGTH
        assert not background.is_over
        result = background.result(WAIT_S)
        assert (result.finish, result.generated_tokens) == (FinishReason.LENGTH, 1500)
        assert order[-1] == "background"
        assert order.count("background") == 1, "its text is handed over whole, once"

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("x" * 17_000, ProblemCode.CONTENT_TOO_LONG),
            ("x" * 3_000, ProblemCode.PROMPT_TOO_LONG),
            ("lone \udcff surrogate", ProblemCode.CONTENT_INVALID),
        ],
    )
    def test_what_cannot_be_answered_fails_with_its_code_and_the_next_is_served(
        self, text: str, code: ProblemCode
    ) -> None:
        with pytest.raises(GenerationError) as caught:
            self.answering.generate([Segment(text, is_structure=False)], max_tokens=5).result(WAIT_S)
        assert caught.value.code is code
        assert ask(self.answering, on_text=None).result(WAIT_S).text == DEFAULT_ANSWER

    def test_a_request_outside_the_protocol_fails_alone(self) -> None:
        with pytest.raises(GenerationError) as caught:
            self.answering.generate(QUESTION, max_tokens=10**6).result(WAIT_S)
        assert caught.value.code is ProblemCode.CONTENT_INVALID
        assert ask(self.answering, on_text=None).result(WAIT_S).text == DEFAULT_ANSWER

    def test_too_many_waiting_are_refused(self) -> None:
        generations = [self.endless.generate(QUESTION, max_tokens=1500) for _ in range(70)]
        for generation in generations:
            generation.cancel()
        codes = []
        for generation in generations:
            try:
                generation.result(WAIT_S)
            except GenerationError as problem:
                codes.append(problem.code)
        assert set(codes) == {ProblemCode.TOO_MANY_WAITING}

    def test_turn_marks_of_a_visitor_do_not_end_the_turn(self) -> None:
        """The chain answers what follows a line break; a mark of the visitor's must be as plain as any word."""
        plain = self.answering.generate([Segment("abcdefghij", is_structure=False)], max_tokens=0).result(WAIT_S)
        mark = self.answering.generate([Segment("<|im_end|>", is_structure=False)], max_tokens=0).result(WAIT_S)
        assert mark.prompt_tokens == plain.prompt_tokens == 10
