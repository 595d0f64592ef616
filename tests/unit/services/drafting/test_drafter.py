"""From a thread to a proposal: what may be offered, and what stands in when the model's words do not hold."""

from collections.abc import Sequence
from datetime import date

import pytest

from app.domain.prompt import Speaker, Task, Turn
from app.domain.proposal import Proposal, ProposalAction, ProposalWarning, SourceRef
from app.inference.generation import ProblemCode as ModelProblem
from app.knowledge import PassageIndex, ScoredPassage, read_article
from app.services.conversations.phrases import Phrases
from app.services.drafting.drafter import Drafter, DraftFailedError
from app.services.ports import Generation, ProblemCode
from tests.support.scripted_model import Reply, ScriptedModel

HOLDING = Phrases("Somebody will come back to you.")
PARKING = "Patient parking is free for two hours in the lot behind our building. Turn in from Carver Alley."
ARTICLES = [
    read_article("parking", f"# Parking\n\n{PARKING}\n\nApproved: 2026-06-15"),
    read_article(
        "hours", "# Opening hours\n\nWe are open Monday to Friday from 8:00 to 17:30 and closed on public holidays."
    ),
    read_article(
        "waive", "# Waiving a cancellation fee\n\nThe lead may waive the cancellation fee once a year.\n\nInternal: yes"
    ),
]


class Ear:
    """Remembers what a listener was told."""

    def __init__(self) -> None:
        self.sources: list[SourceRef] = []
        self.words: list[str] = []

    def sources_found(self, sources: Sequence[SourceRef]) -> None:
        self.sources = list(sources)

    def words_arrived(self, text_so_far: str) -> None:
        self.words.append(text_so_far)


def drafter(*replies: Reply) -> tuple[Drafter, ScriptedModel]:
    model = ScriptedModel(replies)
    index = PassageIndex(ARTICLES, today=lambda: date(2026, 11, 24), meaning=lambda: None)
    return Drafter(index, model, HOLDING), model


def draft(reply: Reply, *texts: str, listener: Ear | None = None) -> Proposal:
    turns = [Turn(Speaker.VISITOR, text) for text in texts or ("Where can I park?",)]
    return drafter(reply)[0].draft(turns, listener=listener)


def test_words_that_hold_are_offered_with_their_sources() -> None:
    proposal = draft("Parking is free for two hours. [1] Turn in from Carver Alley. [1]")
    assert proposal.action is ProposalAction.PROPOSE
    assert proposal.text == "Parking is free for two hours. Turn in from Carver Alley."
    assert [sentence.source_numbers for sentence in proposal.sentences] == [(1,), (1,)]
    assert [(source.number, source.article_id, source.quote) for source in proposal.sources] == [
        (1, "parking", PARKING)
    ]
    assert proposal.sources[0].approved_on == date(2026, 6, 15)
    assert proposal.warnings == ()
    assert proposal.model_name == "scripted"


def test_the_prompt_holds_thread_and_sources_and_the_end_mark_stops_it() -> None:
    maker, model = drafter("Two hours. [1]")
    maker.draft(
        [Turn(Speaker.VISITOR, "Hello"), Turn(Speaker.DESK, "Hi"), Turn(Speaker.VISITOR, "Where can I park?")],
        task=Task.SHORTER,
    )
    request = model.requests[0]
    assert "Desk: Hi\nVisitor: Where can I park?\n" in request.prompt
    assert f"[1] Parking\n{PARKING}\n" in request.prompt
    assert "Task: shorter" in request.prompt
    assert request.stop == ("<|im_end|>",)


@pytest.mark.parametrize("question", ["Do you repair bicycles?", "Thank you, goodbye!"])
def test_what_no_answer_covers_is_handed_over_without_asking_the_model(question: str) -> None:
    maker, model = drafter("We surely do. [1]")
    proposal = maker.draft([Turn(Speaker.VISITOR, question)])
    assert (proposal.action, proposal.text, proposal.sources) == (ProposalAction.HAND_OVER, HOLDING.holding_reply, ())
    assert proposal.first_token_ms is None
    assert model.requests == []


@pytest.mark.parametrize("reply", ["[none]", " [none]. [1]", ""])
def test_a_model_that_says_none_hands_over(reply: str) -> None:
    assert draft(reply).action is ProposalAction.HAND_OVER


class SureIndex(PassageIndex):
    """An index whose fitted likelihood is given: the model of meaning itself has tests of its own."""

    coverage = 0.95
    knows_meaning = True  # type: ignore[assignment]

    def best(self, question: str, thread_context: Sequence[str] = (), limit: int = 3) -> tuple[ScoredPassage, ...]:
        hits = super().best(question, thread_context, limit)
        return tuple(ScoredPassage(hit.passage, hit.score, self.coverage) for hit in hits)


@pytest.mark.parametrize(("coverage", "action"), [(0.8, ProposalAction.PROPOSE), (0.7, ProposalAction.HAND_OVER)])
def test_a_search_that_is_sure_outweighs_a_model_that_says_none(coverage: float, action: ProposalAction) -> None:
    index = SureIndex(ARTICLES, today=lambda: date(2026, 11, 24), meaning=lambda: None)
    index.coverage = coverage
    proposal = Drafter(index, ScriptedModel(["[none]"]), HOLDING).draft([Turn(Speaker.VISITOR, "Where can I park?")])
    assert proposal.action is action
    if action is ProposalAction.PROPOSE:
        assert (proposal.text, proposal.warnings) == (PARKING, (ProposalWarning.FELL_BACK_TO_ANSWER,))


@pytest.mark.parametrize(
    ("reply", "warning"),
    [
        ("Parking is free for three hours. [1]", ProposalWarning.UNSUPPORTED_FACT),
        ("Parking is free. [1] Ask Dr. Quibble. [1]", ProposalWarning.UNSUPPORTED_FACT),
        ("Parking is free for three hours.", ProposalWarning.UNSUPPORTED_FACT),
        ("Parking is free. [1] It is on the first floor. [1]", ProposalWarning.UNSUPPORTED_FACT),
        ("We love to hear from you.", ProposalWarning.UNSOURCED_SENTENCE),
        ("We love to hear from you. [9]", ProposalWarning.UNKNOWN_SOURCE_NUMBER),
    ],
)
def test_words_that_do_not_hold_fall_back_to_the_answer_word_for_word(reply: str, warning: ProposalWarning) -> None:
    proposal = draft(reply)
    assert proposal.text == PARKING
    assert all(sentence.source_numbers == (1,) for sentence in proposal.sentences)
    assert {warning, ProposalWarning.FELL_BACK_TO_ANSWER} <= set(proposal.warnings)


@pytest.mark.parametrize("mark", ["", " [9]", " [2]"])
def test_a_missing_or_wrong_number_is_put_right_when_a_passage_holds_the_sentence(mark: str) -> None:
    proposal = draft(
        f"Parking is free for two hours.{mark}", "Where is your free parking lot? And are you open on public holidays?"
    )
    assert proposal.text == "Parking is free for two hours."
    assert [source.article_id for source in proposal.sources] == ["parking"]
    assert proposal.sentences[0].source_numbers == (proposal.sources[0].number,)
    assert proposal.warnings == ()


def test_the_passage_nearest_to_the_words_stands_in_for_them() -> None:
    question = "Where is your free parking lot? And are you open on public holidays?"
    assert draft("We are open Monday to Friday until 18:00. [1]", question).sources[0].article_id == "hours"
    assert draft("Patient parking is free for nine hours. [2]", question).sources[0].article_id == "parking"


def test_a_sentence_without_source_is_kept_and_marked() -> None:
    proposal = draft("It is easy to find. Parking is free for two hours. [1]")
    assert [sentence.source_numbers for sentence in proposal.sentences] == [(), (1,)]
    assert proposal.warnings == (ProposalWarning.UNSOURCED_SENTENCE,)


def test_a_courtesy_is_kept_and_is_not_without_a_source() -> None:
    proposal = draft("Thank you for asking. Parking is free for two hours. [1]")
    assert proposal.text == "Thank you for asking. Parking is free for two hours."
    assert ([sentence.source_numbers for sentence in proposal.sentences], proposal.warnings) == ([(1,)], ())


def test_a_proposal_carries_its_facts() -> None:
    proposal = draft("Parking is free for two hours. [1]")
    marked = [(proposal.text[fact.start : fact.end], fact.source_number) for fact in proposal.facts]
    assert marked == [("two hours", 1)]
    assert PARKING[proposal.facts[0].quote_start : proposal.facts[0].quote_end] == "two hours"
    assert not proposal.has_unsupported_fact
    assert draft("Parking is free for nine hours. [1]").facts != ()  # of the approved answer, word for word
    assert draft("[none]").facts == ()


def test_a_text_that_repeats_itself_ends_at_the_first_repetition() -> None:
    assert draft("It is free. [1] Turn in. [1] It is free. [1] Turn in. [1]").text == "It is free. Turn in."


def test_an_internal_answer_is_shown_to_the_desk_and_never_said() -> None:
    proposal = draft("We waive it. [1]", "Can you waive the cancellation fee?")
    assert (proposal.action, proposal.text) == (ProposalAction.HAND_OVER, HOLDING.holding_reply)
    assert [(source.article_id, source.is_internal) for source in proposal.sources] == [("waive", True)]
    assert proposal.warnings == (ProposalWarning.INTERNAL_SOURCE,)


def test_several_messages_since_the_last_reply_are_one_question() -> None:
    assert (
        draft("It is free. [1]", "Good morning!", "Where can I park?", "Thanks in advance").sources[0].article_id
        == "parking"
    )


def test_sources_come_before_words_and_marks_are_never_shown() -> None:
    ear = Ear()
    draft("Parking is free for two hours. [1] Turn in from Carver Alley. [1] Bye. [1]", listener=ear)
    assert [source.article_id for source in ear.sources][:1] == ["parking"]
    assert ear.words
    assert all("[" not in words and "1" not in words for words in ear.words)


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (ModelProblem.WORKER_UNAVAILABLE, ProblemCode.NO_MODEL),
        (ModelProblem.WORKER_LOST, ProblemCode.MODEL_FAILED),
        (ModelProblem.PROMPT_TOO_LONG, ProblemCode.TOO_LONG),
    ],
)
def test_a_model_that_fails_is_told_by_code(problem: ModelProblem, code: ProblemCode) -> None:
    with pytest.raises(DraftFailedError) as caught:
        draft(problem)
    assert caught.value.code is code


def test_a_prompt_that_is_too_long_is_tried_again_with_less_of_the_thread() -> None:
    maker, model = drafter(ModelProblem.PROMPT_TOO_LONG, "Parking is free for two hours. [1]")
    story = "My knee has hurt since Monday and nothing helps at all. " * 60
    proposal = maker.draft([Turn(Speaker.VISITOR, f"{story} Where can I park?")])
    assert proposal.text == "Parking is free for two hours."
    first, second = (len(request.prompt) for request in model.requests)
    assert second < first - 2_000
    assert all("Where can I park?" in request.prompt for request in model.requests)


def test_a_thread_that_ends_with_the_desk_has_nothing_to_answer() -> None:
    with pytest.raises(DraftFailedError) as caught:
        drafter("x")[0].draft([Turn(Speaker.VISITOR, "Where can I park?"), Turn(Speaker.DESK, "Behind the house.")])
    assert caught.value.code is ProblemCode.NOTHING_TO_ANSWER


class Stopper:
    """Cancels a generation as soon as it is attached."""

    def attach(self, generation: Generation) -> None:
        generation.cancel()


def test_stopping_before_the_first_word_leaves_nothing() -> None:
    maker, model = drafter("     Parking is free. [1]")
    model.pause()
    with pytest.raises(DraftFailedError) as caught:
        maker.draft([Turn(Speaker.VISITOR, "Where can I park?")], cancel=Stopper())
    assert caught.value.code is ProblemCode.STOPPED
    assert len(model.requests) == 1


class StopAtFirstWords(Ear):
    """Lets the model go on once it can be stopped, and stops it at the first words shown."""

    def __init__(self, model: ScriptedModel) -> None:
        super().__init__()
        self._model = model
        self._generation: Generation | None = None

    def attach(self, generation: Generation) -> None:
        self._generation = generation
        self._model.go_on()

    def words_arrived(self, text_so_far: str) -> None:
        super().words_arrived(text_so_far)
        assert self._generation is not None
        self._generation.cancel()


def test_stopping_in_the_middle_keeps_the_words_and_says_so() -> None:
    maker, model = drafter("Parking is free for two hours. [1]")
    model.pause()
    stopper = StopAtFirstWords(model)
    proposal = maker.draft([Turn(Speaker.VISITOR, "Where can I park?")], cancel=stopper, listener=stopper)
    assert stopper.words == ["Parking"]
    assert proposal.text == "Parking i"
    assert proposal.warnings == (ProposalWarning.STOPPED_EARLY,)
