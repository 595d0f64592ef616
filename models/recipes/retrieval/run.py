"""One command from data to table: ``python -m models.recipes.retrieval.run --data DIR --moby FILE --work DIR``.

Steps, each kept in the work folder and not repeated: ``start`` (words beside words), ``full`` (the table that is
shipped), ``fold-…`` (for each sector a table that has seen nothing of it; only weights are fitted with these). Then
weights are fitted, everything is measured, and table, weights and manifest are written. Two idle cores need about ten
minutes.
"""

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch

from app.knowledge.meaning import Fusion, MeaningModel
from app.knowledge.vectors import Floats, WordVectors
from models.recipes.retrieval import generated
from models.recipes.retrieval.fusion import BLANK_POINT, Judged, fit_aside, fit_fusion, judge
from models.recipes.retrieval.material import Material, folds, whole_material
from models.recipes.retrieval.measure import measure, measure_demo
from models.recipes.retrieval.offices import draw_offices
from models.recipes.retrieval.pointer import fit_point, point_cases
from models.recipes.retrieval.tables import DIMS, Places, make_start, make_table, start_table
from models.recipes.retrieval.train import Plan

SEED = 20_261
FULL_ROUNDS = 3
FIT_OFFICES, CHECK_OFFICES = 14, 4
"""Trial offices of each sector."""
TABLE, WEIGHTS, MANIFEST = "vectors.bin", "fusion.json", "manifest.json"


def main() -> None:
    """Make the table that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds dialogues/ and text/")
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"), help="files of wordnet-base")
    parser.add_argument("--moby", type=Path, required=True, help="words.txt of the npm package moby")
    parser.add_argument("--work", type=Path, required=True, help="folder for what is kept between steps")
    parser.add_argument("--out", type=Path, default=Path("models/retrieval"), help="folder of the finished model")
    parser.add_argument("--steps", type=int, default=700)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    arguments.work.mkdir(parents=True, exist_ok=True)
    whole = whole_material()
    places = Places(arguments.data, arguments.wordnet, arguments.moby, arguments.work)
    start = make_start(places, whole, SEED)
    plan = Plan(steps=arguments.steps, seed=SEED)
    full = make_table("full", start, whole, plan, places, FULL_ROUNDS)
    trials = [
        _Trial(name, make_table(f"fold-{name}", start, seen, plan, places), seen, held)
        for name, seen, held in folds(whole, start_table(start), SEED)
    ]
    fusion = replace(_fit(trials, full), aside=_aside(full, whole))
    table = (arguments.work / "full.bin").read_bytes()
    _write(arguments.out, table, fusion, _measures(trials, full, fusion))


@dataclass(frozen=True, slots=True)
class _Trial:
    """A sector, the table that has not seen it, and both parts of the material."""

    sector: str
    vectors: WordVectors
    seen: Material
    held: Material


def _aside(vectors: WordVectors, material: Material) -> Floats:
    rng = Random(SEED)
    covered = [pair.left for pair in generated.kind_pairs(material.kinds, rng, 1_500)]
    covered += [question for topic in material.topics for question in topic.questions]
    return fit_aside(
        vectors, covered, generated.near_misses(material.kinds, material.topics, rng) + material.asides * 3
    )


def _fit(trials: Sequence[_Trial], full: WordVectors) -> Fusion:
    judged: list[Judged] = []
    for trial in trials:
        offices = draw_offices(trial.held, full.encode, SEED, FIT_OFFICES)
        judged += judge(offices, trial.vectors, _aside(trial.vectors, trial.seen))
    first = fit_fusion(judged, np.zeros(2 * DIMS + 1, np.float32), BLANK_POINT)
    cases = [
        case for trial in trials for case in point_cases(MeaningModel(trial.vectors, first), trial.held.kinds, SEED)
    ]
    return replace(first, point=fit_point(cases))


def _measures(trials: Sequence[_Trial], full: WordVectors, fusion: Fusion) -> dict[str, Any]:
    measures = {}
    for trial in trials:
        offices = list(draw_offices(trial.held, full.encode, SEED + 1, CHECK_OFFICES))
        fitted = replace(fusion, aside=_aside(trial.vectors, trial.seen))
        measures[f"offices of an unseen trade: {trial.sector}"] = asdict(measure(offices, trial.vectors, fitted))
    for name in ("clinic", "law"):
        measures[f"demo {name}"] = asdict(measure_demo(name, full, fusion))
    return measures


def _write(out: Path, table: bytes, fusion: Fusion, measures: dict[str, Any]) -> None:
    lists = {"rank": fusion.rank, "gate": fusion.gate, "aside": fusion.aside, "point": fusion.point}
    weights: dict[str, Any] = {name: [round(float(x), 5) for x in values] for name, values in lists.items()}
    weights |= {"min_coverage": round(fusion.min_coverage, 4), "max_gap": round(fusion.max_gap, 3)}
    text = json.dumps(weights, indent=1) + "\n"
    manifest = {
        "name": "vestibule-word-vectors",
        "file": TABLE,
        "sha256": hashlib.sha256(table).hexdigest(),
        "size_bytes": len(table),
        "fusion": WEIGHTS,
        "fusion_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "licence": "CC-BY-SA-4.0",
        "seed": SEED,
        "dims": DIMS,
        "measures": measures,
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / TABLE).write_bytes(table)
    (out / WEIGHTS).write_text(text, encoding="utf-8")
    (out / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(measures, indent=2))


if __name__ == "__main__":
    main()
