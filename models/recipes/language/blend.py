"""Blend trainings that went on from one another: ``python -m models.recipes.language.blend OUT DIR:SHARE DIR:SHARE …``.

A training that goes on from a pipeline with new families learns them and forgets a little of the rest; the mean of the
weights before and after keeps most of both. The list of words is that of the last one.
"""

import shutil
import sys
from pathlib import Path

import spacy

from app.anonymise.word_classes import FILE_NAME
from models.recipes.language.release import strip


def blend(out: Path, parts: list[tuple[Path, float]]) -> None:
    """Write the pipeline whose weights are the weighted mean of ``parts``; the shares add up to 1."""
    pipelines = [spacy.load(folder) for folder, _ in parts]
    shares = [share for _, share in parts]
    for name in pipelines[0].pipe_names:
        for nodes in zip(*(pipeline.get_pipe(name).model.walk() for pipeline in pipelines), strict=True):
            for param in nodes[0].param_names:
                if nodes[0].has_param(param):
                    mean = sum(share * node.get_param(param) for share, node in zip(shares, nodes, strict=True))
                    nodes[0].set_param(param, mean)
    shutil.rmtree(out, ignore_errors=True)
    pipelines[0].to_disk(out)
    strip(out)
    shutil.copyfile(parts[-1][0] / FILE_NAME, out / FILE_NAME)


def main() -> None:
    """Read the arguments and blend."""
    parts = [
        (Path(folder), float(share)) for folder, _, share in (argument.rpartition(":") for argument in sys.argv[2:])
    ]
    blend(Path(sys.argv[1]), parts)


if __name__ == "__main__":
    main()
