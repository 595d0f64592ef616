"""Starting the child that anonymises: its grants, the walls, the pipeline."""

from typing import Any, Final

from app.isolation.child import SupervisedChild
from app.isolation.errors import ChildError, FrameError
from app.isolation.frames import Frame
from app.isolation.orders import CONFINED, Grants
from app.language.deadline import deadline
from app.language.texts import worker
from app.language.texts.errors import TextsFault
from app.language.texts.library import libraries, locate
from app.language.texts.protocol import FROM_CHILD, PROBLEM, READY, SETUP, TO_CHILD
from app.language.texts.records import Pipeline, Trust

ENTRY: Final = worker.__name__
"""Imported here too, so that its byte code is cached: behind the walls it cannot be written."""


def new_child(pipeline: Pipeline) -> SupervisedChild:
    """Return a child that is not started yet, and may read the pipeline's folder and the listed packages."""
    folders = () if pipeline.folder is None else (str(pipeline.folder.resolve()),)
    return SupervisedChild(
        "language",
        entry=ENTRY,
        grants=Grants(folders=(*libraries(), *folders), packages=locate()),
        to_child=TO_CHILD,
        from_child=FROM_CHILD,
    )


def launch(child: SupervisedChild, pipeline: Pipeline, start_s: float) -> TextsFault | None:
    """Start ``child`` and have it load the pipeline; return what went wrong. The caller ends it then."""
    if pipeline.folder is not None and not pipeline.folder.is_dir():
        return TextsFault.PIPELINE_MISSING
    try:
        child.start()
        with deadline(child, start_s):
            return _set_up(child, pipeline)
    except (ChildError, FrameError):
        return TextsFault.NOT_CONFINED


def _set_up(child: SupervisedChild, pipeline: Pipeline) -> TextsFault | None:
    if child.read().shape is not CONFINED:
        return TextsFault.NOT_CONFINED
    order: dict[str, Any] = {
        "pipeline": "" if pipeline.folder is None else str(pipeline.folder.resolve()),
        "must_be_shipped": pipeline.trust is Trust.SHIPPED,
    }
    child.send(Frame(SETUP, order))
    answer = child.read()
    if answer.shape is PROBLEM:
        return TextsFault(answer.body["code"])
    is_ready = answer.shape is READY and answer.body["has_pipeline"] is (pipeline.folder is not None)
    return None if is_ready else TextsFault.NOT_CONFINED
