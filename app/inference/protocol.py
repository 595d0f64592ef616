"""Messages between the supervisor and the model worker. Numbers, codes and text; no sentence of ours crosses.

Order: parent sends LOAD; child answers READY or PROBLEM with request 0. Then, one request at a time: GENERATE, answered
by any number of PROGRESS and TEXT and then one FINISHED or one PROBLEM with its number. CANCEL may come at any time; it
is answered by the FINISHED of the request, and by nothing when that is over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from app.domain.prompt import Basis, Segment
from app.inference.generation import FinishReason, ProblemCode
from app.isolation.frames import Frame, Shape, flag, list_of, number, one_of, pair, text, whole_number

MAX_SEGMENTS: Final = 256
MAX_CONTENT_BYTES: Final = 16 * 1024
"""One stretch of outside text, before it is tokenised (threat-model.md §8: CVE-2025-52566 was a tokeniser overflow)."""
MAX_STRUCTURE_BYTES: Final = 8 * 1024
MAX_PROMPT_BYTES: Final = 128 * 1024
MAX_STOPS: Final = 8
MAX_STOP_CHARACTERS: Final = 64
MAX_NEW_TOKENS: Final = 4096
MIN_CONTEXT_TOKENS: Final = 64
MAX_CONTEXT_TOKENS: Final = 131_072
MAX_THREADS: Final = 64
MAX_TEXT_CHARACTERS: Final = 64 * 1024
_MAX_COUNT: Final = 2**31
_MAX_MS: Final = 1e9

_REQUEST = whole_number(1, 2**53)
_COUNT = whole_number(0, _MAX_COUNT)


class LoadProblem(Enum):
    """Why the worker cannot serve at all."""

    ENGINE_MISSING = "engine_missing"
    """llama.cpp's library cannot be loaded behind the walls."""
    MODEL_REFUSED = "model_refused"
    """llama.cpp refused the file."""
    CONTEXT_REFUSED = "context_refused"
    """No memory for a context of this size, or a kind of model that writes no text."""
    PROTOCOL = "protocol"
    """The parent sent something out of order."""


LOAD: Final = Shape(
    16,
    "load",
    {
        "model": text(4096),
        "context_tokens": whole_number(MIN_CONTEXT_TOKENS, MAX_CONTEXT_TOKENS),
        "threads": whole_number(1, MAX_THREADS),
    },
)
GENERATE: Final = Shape(
    17,
    "generate",
    {
        "request": _REQUEST,
        "segments": list_of(pair(text(MAX_CONTENT_BYTES), flag), MAX_SEGMENTS),
        "basis": list_of(whole_number(0, max(Basis)), MAX_SEGMENTS),
        "max_tokens": whole_number(0, MAX_NEW_TOKENS),
        "stop": list_of(text(MAX_STOP_CHARACTERS), MAX_STOPS),
        "temperature": number(0.0, 2.0),
        "seed": whole_number(0, 2**32 - 1),
    },
)
CANCEL: Final = Shape(18, "cancel", {"request": _REQUEST})

READY: Final = Shape(
    32,
    "ready",
    {
        "context_tokens": _COUNT,
        "vocabulary": _COUNT,
        "parameters": whole_number(0, 2**53),
        "load_ms": number(0, _MAX_MS),
    },
)
PROGRESS: Final = Shape(33, "progress", {"request": _REQUEST, "evaluated": _COUNT})
TEXT: Final = Shape(34, "text", {"request": _REQUEST, "text": text(MAX_TEXT_CHARACTERS)})
FINISHED: Final = Shape(
    35,
    "finished",
    {
        "request": _REQUEST,
        "finish": one_of(*(reason.value for reason in FinishReason)),
        "prompt_tokens": _COUNT,
        "reused_tokens": _COUNT,
        "generated_tokens": _COUNT,
        "prompt_ms": number(0, _MAX_MS),
        "generation_ms": number(0, _MAX_MS),
    },
)
PROBLEM: Final = Shape(
    36,
    "problem",
    {
        "request": whole_number(0, 2**53),
        "code": one_of(*(code.value for code in ProblemCode), *(problem.value for problem in LoadProblem)),
    },
)

TO_WORKER: Final = (LOAD, GENERATE, CANCEL)
FROM_WORKER: Final = (READY, PROGRESS, TEXT, FINISHED, PROBLEM)


@dataclass(frozen=True, slots=True)
class Request:
    """One generation as both sides see it."""

    number: int
    segments: tuple[Segment, ...]
    max_tokens: int
    stop: tuple[str, ...]
    temperature: float
    seed: int

    def __repr__(self) -> str:
        return f"<Request {self.number}, {len(self.segments)} segments>"

    def frame(self) -> Frame:
        """Return the GENERATE frame."""
        segments: list[list[str | bool]] = [[segment.text, segment.is_structure] for segment in self.segments]
        return Frame(
            GENERATE,
            {
                "request": self.number,
                "segments": segments,
                "basis": [int(segment.basis) for segment in self.segments],
                "max_tokens": self.max_tokens,
                "stop": list(self.stop),
                "temperature": self.temperature,
                "seed": self.seed,
            },
        )

    @staticmethod
    def of(frame: Frame) -> "Request":
        """Return the request in a GENERATE frame, which was checked against its shape."""
        body = frame.body
        basis = body["basis"] if len(body["basis"]) == len(body["segments"]) else [0] * len(body["segments"])
        segments = tuple(
            Segment(text=text_, is_structure=structure, basis=Basis(lends))
            for (text_, structure), lends in zip(body["segments"], basis, strict=True)
        )
        return Request(
            number=body["request"],
            segments=segments,
            max_tokens=body["max_tokens"],
            stop=tuple(body["stop"]),
            temperature=float(body["temperature"]),
            seed=body["seed"],
        )


def check_prompt(segments: Sequence[Segment]) -> ProblemCode | None:
    """Return what is wrong with the size or the characters of a prompt, None when it may be tokenised.

    Both sides ask: the parent to answer at once, the child because it trusts no parent with its tokeniser.
    """
    if not segments or len(segments) > MAX_SEGMENTS:
        return ProblemCode.CONTENT_INVALID
    total = 0
    for segment in segments:
        try:
            size = len(segment.text.encode("utf-8"))
        except UnicodeEncodeError:
            return ProblemCode.CONTENT_INVALID
        if size > (MAX_STRUCTURE_BYTES if segment.is_structure else MAX_CONTENT_BYTES):
            return ProblemCode.CONTENT_TOO_LONG
        total += size
    return ProblemCode.PROMPT_TOO_LONG if total > MAX_PROMPT_BYTES else None
