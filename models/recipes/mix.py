"""What the trainer reads: a stream of examples by the curriculum, every one decided by seed and number alone."""

from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from models.recipes.corpora import (
    Corpora,
    draw_aside,
    draw_cloze,
    draw_dialogue,
    draw_faq,
    draw_grounded,
    draw_paragraph,
)
from models.recipes.kinds import Kind, read_kinds
from models.recipes.pointing import pointed
from models.recipes.tasks import Echo, Example, SceneShape, draw_echo, draw_scene

KINDS_DIR = Path(__file__).parent / "kinds"
TRAINING_SECTORS = ("clinic", "law", "finance", "other")
"""Sectors seen in training, each together with what every office answers (``office``)."""
HELD_OUT_SECTOR = "vet"
"""A whole kind of organisation that training never sees."""
HELD_OUT_EVERY = 12
"""Each twelfth kind of every file is kept for evaluation."""


@dataclass(frozen=True, slots=True)
class KindBook:
    """Kinds for training by sector, and the two sets kept for evaluation."""

    training: dict[str, tuple[Kind, ...]]
    held_kinds: tuple[Kind, ...]
    held_sector: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Mixture:
    """Shares of the sources of examples; they are weights and need not add up to one."""

    scenes: float = 0.60
    faq: float = 0.12
    cloze: float = 0.14
    grounded: float = 0.05
    aside: float = 0.04
    dialogue: float = 0.05
    echo: float = 0.0
    paragraph: float = 0.0


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of the curriculum, up to ``until`` (share of all examples)."""

    until: float
    mixture: Mixture
    shape: SceneShape


DEPLOYED = SceneShape(2, none_share=0.04, follow_share=0.15, double_share=0.12, broad_share=0.10, first_share=0.85)
"""What the console offers: at most two passages, the likelier one first, behind a search that hands over the rest.

One in ten without an answer taught the model ``[none]`` for a fifth of the covered questions of unknown offices.
"""

CURRICULUM = (
    Stage(
        0.16,
        Mixture(0.45, 0.05, 0.20, 0.04, 0.0, 0.04, echo=0.30),
        SceneShape(1, none_share=0.05, follow_share=0.05, double_share=0.0, max_facts=3),
    ),
    Stage(
        0.32,
        Mixture(0.58, 0.10, 0.18, 0.04, 0.02, 0.04, echo=0.10),
        SceneShape(2, none_share=0.18, follow_share=0.10, double_share=0.05, max_facts=4),
    ),
    Stage(1.01, Mixture(0.67, 0.10, 0.07, 0.01, 0.01, 0.005, echo=0.01, paragraph=0.12), DEPLOYED),
)
"""From copying to choosing: one passage and texts written twice first, then scenes as the console makes them."""


def load_kinds(folder: Path = KINDS_DIR) -> KindBook:
    """Read all ``.kinds`` files and set the evaluation kinds apart."""
    books: dict[str, list[Kind]] = {}
    for path in sorted(folder.glob("*.kinds")):
        books.setdefault(path.stem.partition("-")[0], []).extend(read_kinds(path))
    held_sector = tuple(books.pop(HELD_OUT_SECTOR, ()))
    held = tuple(kind for kinds in books.values() for kind in kinds[HELD_OUT_EVERY - 1 :: HELD_OUT_EVERY])
    kept = {
        name: tuple(k for i, k in enumerate(kinds) if i % HELD_OUT_EVERY != HELD_OUT_EVERY - 1)
        for name, kinds in books.items()
    }
    office = kept.pop("office", ())
    return KindBook({name: kinds + office for name, kinds in kept.items()}, held, held_sector)


class ExampleStream:
    """Draws example number ``n`` of the training, or a stretch of dialogue as plain text."""

    def __init__(self, corpora: Corpora, kinds: KindBook, *, seed: int) -> None:
        self._corpora = corpora
        self._kinds = kinds
        self._seed = seed

    def draw(self, number: int, progress: float) -> Example | Echo | str:
        """Return example ``number``; ``progress`` from 0 to 1 places it in the curriculum."""
        rng = Random(f"{self._seed}/{number}")
        stage = next(s for s in CURRICULUM if progress < s.until)
        names = ("scenes", "faq", "cloze", "grounded", "aside", "dialogue", "echo", "paragraph")
        name = rng.choices(names, [getattr(stage.mixture, n) for n in names])[0]
        drawn = self._draw_from(rng, name, stage.shape)
        return pointed(rng, drawn) if isinstance(drawn, Example) else drawn

    def _draw_from(self, rng: Random, name: str, shape: SceneShape) -> Example | Echo | str:  # noqa: PLR0911 (a table)
        sector = self._kinds.training[rng.choice(sorted(self._kinds.training))]
        if name == "faq":
            return draw_faq(rng, self._corpora, shape.max_passages, shape.none_share)
        if name == "cloze":
            return draw_cloze(rng, self._corpora, shape.max_passages, shape.none_share / 2)
        if name == "paragraph":
            return draw_paragraph(rng, self._corpora, shape.max_passages, shape.none_share / 2)
        if name == "grounded":
            return draw_grounded(rng, self._corpora)
        if name == "echo":
            return draw_echo(rng, sector)
        if name == "dialogue":
            return draw_dialogue(rng, self._corpora)
        if name == "aside":
            scene = draw_scene(rng, sector, replace(shape, follow_share=0.0))
            return draw_aside(rng, self._corpora, scene.sources)
        return draw_scene(rng, sector, shape)
