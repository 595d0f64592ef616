"""One command from data to GGUF: ``python -m models.recipes.run --data DIR --work DIR``; each step can be restarted.

Steps: ``tokenizer``, ``train``, ``export``, ``evaluate``; a step whose result lies in the work folder is not repeated
(training goes on from its last checkpoint).
"""

import argparse
from pathlib import Path
from random import Random

from models.recipes.corpora import Corpora, load_corpora
from models.recipes.crew import Crew, run_crew
from models.recipes.layout import Encoder
from models.recipes.mix import ExampleStream, load_kinds
from models.recipes.network import Shape
from models.recipes.tasks import Example
from models.recipes.tokenizer import load_tokenizer, train_tokenizer
from models.recipes.train import Plan, Trainer

STEPS = ("tokenizer", "train", "export", "evaluate")
SEED = 20260


def main() -> None:
    """Run the steps that the command line names (all by default)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds dialogues/ and text/")
    parser.add_argument("--work", type=Path, required=True, help="folder for tokenizer, checkpoints and the GGUF")
    parser.add_argument("--only", choices=STEPS, action="append", help="run only this step; may be repeated")
    parser.add_argument("--steps", type=int, default=6000, help="training steps of about 7,500 tokens")
    parser.add_argument("--processes", type=int, default=2, help="processes of the training, one thread each")
    arguments = parser.parse_args()
    chosen = tuple(arguments.only or STEPS)
    if "tokenizer" in chosen or "train" in chosen:
        _prepare_and_train(arguments.data, arguments.work, Plan(arguments.steps, SEED), arguments.processes, chosen)
    if "export" in chosen:
        # Imported here: a machine that only evaluates needs no PyTorch, one that only trains no llama.cpp.
        from models.recipes.export import export_checkpoint  # noqa: PLC0415

        export_checkpoint(
            arguments.work / "checkpoints" / "last.pt",
            arguments.work / "tokenizer.json",
            arguments.work / "starter.gguf",
        )
    if "evaluate" in chosen:
        from models.recipes.evaluate import evaluate_file  # noqa: PLC0415

        evaluate_file(arguments.work / "starter.gguf", count=300, seed=SEED + 1)


def _prepare_and_train(data: Path, work: Path, plan: Plan, processes: int, chosen: tuple[str, ...]) -> None:
    file = work / "tokenizer.json"
    if "tokenizer" in chosen and not file.exists():
        corpora = load_corpora(data)
        train_tokenizer(_tokenizer_texts(corpora, ExampleStream(corpora, load_kinds(), seed=SEED)), file)
    if "train" in chosen:
        run_crew(processes, work / "meeting", _train, (data, work, plan))


def _train(crew: Crew, data: Path, work: Path, plan: Plan) -> None:
    stream = ExampleStream(load_corpora(data), load_kinds(), seed=plan.seed)
    Trainer(Shape(), plan, stream, Encoder(load_tokenizer(work / "tokenizer.json")), work / "checkpoints", crew).run()


def _tokenizer_texts(corpora: Corpora, stream: ExampleStream) -> list[str]:
    """Generated tasks in the majority, so that the office's words become single tokens."""
    rng = Random(SEED)
    texts = []
    for number in range(-30_000, 0):
        example = stream.draw(number, 0.9)
        if isinstance(example, Example):
            texts += (
                [turn.text for turn in example.turns]
                + [s.title + "\n" + s.text for s in example.sources]
                + [example.target]
            )
    return texts + rng.sample(corpora.dialogues, 4000) + rng.sample(corpora.sentences, 20_000)


if __name__ == "__main__":
    main()
