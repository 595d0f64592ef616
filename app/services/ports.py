"""What the use cases need from below and from above, as protocols: a text model, and somebody who listens.

The types of the model's seam belong to ``app.inference.generation``; they are repeated here under one name so that
callers of the services import one module.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from app.anonymise.office_rules import OfficeRules
from app.anonymise.replacing.profiles import Profile
from app.anonymise.spans import Span
from app.domain.anonymised import RedactedText
from app.domain.conversation import InboxRow, InboxView, Thread
from app.domain.ids import ConversationId
from app.domain.prompt import PromptFrame, Segment
from app.domain.proposal import Article, Proposal, SourceRef
from app.inference.generation import FinishReason, Generation, GenerationResult, Priority

__all__ = [
    "AnonymisedText",
    "AnonymisedThread",
    "AnonymisingJob",
    "DraftListener",
    "FinishReason",
    "FramedModel",
    "Generation",
    "GenerationResult",
    "Priority",
    "ProblemCode",
    "ProposalListener",
    "TextModel",
    "ThreadAnonymiser",
    "ThreadStore",
]


class TextModel(Protocol):
    """Something that continues a prompt: the model worker, or a scripted one in tests."""

    @property
    def name(self) -> str:
        """The name that proposals carry as their origin."""

    def generate(
        self,
        prompt: Sequence[Segment],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        on_text: Callable[[str], None] | None = None,
        priority: Priority = Priority.PERSON,
    ) -> Generation:
        """Start a generation and return its handle at once.

        Args:
            prompt: as ``app.domain.prompt.build_prompt`` made it.
            max_tokens: at most this many are written.
            stop: text that ends the generation; it is not part of the result.
            on_text: gets each new piece of text, on a thread of the model's; never after ``result()`` has returned.
            priority: who waits.

        Raises:
            GenerationError: there is no worker, or too many requests wait.
        """


class FramedModel(TextModel, Protocol):
    """A text model that knows the turn markers of its family."""

    @property
    def frame(self) -> PromptFrame:
        """The markers that its prompts are built with."""


class DraftListener(Protocol):
    """Follows one draft; called on a thread of the drafting side, never on the GUI thread."""

    def sources_found(self, sources: Sequence[SourceRef]) -> None:
        """The passages that will be offered to the model, before its first word."""

    def words_arrived(self, text_so_far: str) -> None:
        """All words so far, without source marks; grows at its end only."""


class ProblemCode(Enum):
    """Why there is no proposal. The interface owns the words."""

    NO_MODEL = "no_model"
    """No worker runs; nothing was proposed."""
    MODEL_FAILED = "model_failed"
    """The worker died or refused; a new one may already be starting."""
    TOO_LONG = "too_long"
    """The conversation does not fit the model's context."""
    STALE = "stale"
    """Something newer came in, or somebody answered meanwhile; the draft was set aside."""
    NOTHING_TO_ANSWER = "nothing_to_answer"
    """No message of the visitor waits for a reply."""
    STOPPED = "stopped"
    """The run was cancelled before there were words worth keeping."""
    NOT_STORED = "not_stored"
    """The proposal could not be written to the vault."""
    NO_CONSENT = "no_consent"
    """The patient has not agreed to the assistant, or does not any more: no model is given the conversation."""


class ProposalListener(DraftListener, Protocol):
    """Follows one run of the proposal service to its single end."""

    def proposal_ready(self, proposal: Proposal) -> None:
        """The proposal is recorded."""

    def proposal_failed(self, code: ProblemCode) -> None:
        """There is no proposal, and why."""


class ThreadStore(Protocol):
    """The part of the conversation service that proposals need; callable from any thread."""

    def thread(self, conversation_id: ConversationId, /) -> Thread:
        """Return one conversation."""

    def inbox(self, view: InboxView, /) -> tuple[InboxRow, ...]:
        """Return the rows of one view."""

    def articles(self) -> tuple[Article, ...]:
        """Return the approved answers."""

    def on_change(self, listener: Callable[[ConversationId], None], /) -> Callable[[], None]:
        """Call ``listener`` after every commit, on the thread that wrote; ``OFFICE``: anything may have changed."""

    def record_proposal(self, conversation_id: ConversationId, proposal: Proposal, /) -> object:
        """Write a proposal down, durably."""

    def may_propose(self, conversation_id: ConversationId, /) -> bool:
        """Say whether a model may be given this conversation."""


@dataclass(frozen=True, slots=True)
class AnonymisingJob:
    """Texts of one conversation, in order, and how they are to be anonymised.

    ``secret`` decides stand-ins and the shift of dates; ``year`` is assumed for dates that name none.
    """

    texts: tuple[str, ...] = field(repr=False)
    profile: Profile
    secret: bytes = field(repr=False)
    year: int
    rules: OfficeRules = field(default_factory=OfficeRules)


@dataclass(frozen=True, slots=True)
class AnonymisedText:
    """One text as it would leave: ``instead[i]`` stands in the place of ``spans[i]`` of the original.

    Spans are in order and do not overlap. Where the profile keeps what was found, both say the same.
    """

    text: RedactedText = field(repr=False)
    spans: tuple[Span, ...]
    instead: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class AnonymisedThread:
    """The texts of a job in its order, and the way back: what stands in a text, and what it stands for."""

    texts: tuple[AnonymisedText, ...] = field(repr=False)
    mapping: Mapping[str, str] = field(repr=False)


class ThreadAnonymiser(Protocol):
    """Anonymises one conversation at a time; callable from any thread, and blocks it."""

    def anonymise(
        self,
        job: AnonymisingJob,
        *,
        on_progress: Callable[[int, int], None] = lambda _done, _total: None,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> AnonymisedThread:
        """Return what would leave.

        Args:
            job: the texts and how.
            on_progress: told how many of how many texts are done, on the calling thread.
            is_stopped: asked between texts; an exception ends a stopped job, and nothing is kept of it.

        Raises:
            Exception: the errors of the room that does it, each with a ``code``; the worker died, or cannot run here.
        """

    def rest(self) -> None:
        """Free memory until the next text."""

    def close(self) -> None:
        """End what runs; a text that is being read on another thread is given up."""
