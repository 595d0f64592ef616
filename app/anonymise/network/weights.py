"""The numbers of a loaded spaCy pipeline in the order in which the layers here want them.

Shapes, with width 96 and two pieces: a layer maps a word and its two neighbours (3 x 96) to 2 x 96 and keeps the larger
of each two; the recogniser maps a word to 64, three words to 2 x 64, and those to a score for each move.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


WORDS, PIECES = 3, 2
"""What the recogniser looks at, and of how many pieces each unit keeps the largest."""


class UnlikeError(Exception):
    """The pipeline is not of the build that this package runs."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the encoder: ``window`` (3 width, 2 width), all first pieces before all second ones."""

    window: Floats
    bias: Floats
    gain: Floats
    shift: Floats


@dataclass(frozen=True, slots=True)
class Recogniser:
    """``narrow`` (width, 64); ``words[n]`` (64, 2 x 64) for the word, the first and the last of a name; ``scores``."""

    narrow: Floats
    narrow_bias: Floats
    words: tuple[Floats, Floats, Floats]
    absent: tuple[Floats, Floats, Floats]
    bias: Floats
    scores: Floats
    scores_bias: Floats
    moves: tuple[str, ...]


def layers_of(pipeline: Any) -> tuple[Layer, ...]:
    """Return the layers of the encoder.

    Raises:
        UnlikeError: the pipeline is built otherwise.
    """
    encoder = pipeline.get_pipe("tok2vec").model.layers[1]
    residuals = list(encoder.layers[0].layers)
    if encoder.attrs.get("pad") != len(residuals) or not all(one.name.startswith("residual(") for one in residuals):
        raise UnlikeError
    return tuple(_layer(residual) for residual in residuals)


def embedder_of(pipeline: Any) -> Any:
    """Return what turns spaCy's documents into rows of ``width`` numbers, word by word."""
    return pipeline.get_pipe("tok2vec").model.layers[0]


def recogniser_of(pipeline: Any) -> Recogniser:
    """Return the weights of the recogniser.

    Raises:
        UnlikeError: it is built otherwise.
    """
    pipe = pipeline.get_pipe("ner")
    model = pipe.model
    narrow, lower, upper = model.get_ref("tok2vec").layers[-1], model.get_ref("lower"), model.get_ref("upper")
    weights, pads = lower.get_param("W"), lower.get_param("pad")
    if not model.attrs["has_upper"] or model.attrs["unseen_classes"] or weights.shape[::2] != (WORDS, PIECES):
        raise UnlikeError
    return Recogniser(
        narrow=_floats(narrow.get_param("W").T),
        narrow_bias=_floats(narrow.get_param("b")),
        words=_three(_floats(_piecewise(weights[place]).T) for place in range(WORDS)),
        absent=_three(_floats(_piecewise(pads[0, place])) for place in range(WORDS)),
        bias=_floats(_piecewise(lower.get_param("b"))),
        scores=_floats(upper.get_param("W")),
        scores_bias=_floats(upper.get_param("b")),
        moves=tuple(pipe.moves.get_class_name(number) for number in range(pipe.moves.n_moves)),
    )


def _layer(residual: Any) -> Layer:
    nodes = {node.name: node for node in residual.walk() if not node.layers}
    try:
        maxout, norm, window = nodes["maxout"], nodes["layernorm"], nodes["expand_window"]
    except KeyError as error:
        raise UnlikeError from error
    weights = maxout.get_param("W")
    if weights.shape[1] != PIECES or window.attrs["window_size"] != 1:
        raise UnlikeError
    return Layer(
        _floats(_piecewise(weights).T),
        _floats(_piecewise(maxout.get_param("b"))),
        _floats(norm.get_param("G")),
        _floats(norm.get_param("b")),
    )


def _piecewise(weights: Any) -> Any:
    """Return (out, 2, …) as (2 out, …): all first pieces, then all second ones."""
    return weights.swapaxes(0, 1).reshape(-1, *weights.shape[2:])


def _three(parts: Iterator[Floats]) -> tuple[Floats, Floats, Floats]:
    one, two, three = parts
    return one, two, three


def _floats(array: Any) -> Floats:
    return np.ascontiguousarray(array, dtype=np.float32)
