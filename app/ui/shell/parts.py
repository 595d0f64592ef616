"""What the console is built from; ``bootstrap`` fills it, tests fill it with their own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from app.config import ConsoleSettings
from app.domain.office import Office, Sector

if TYPE_CHECKING:
    from app.inference.supervisor import ModelWorker
    from app.services.channel.ports import LinkFactory
    from app.services.desk import Desk
    from app.services.models.driving import TestPart
    from app.services.models.keeper import ModelKeeper
    from app.services.ports import FramedModel, ThreadAnonymiser
    from app.services.proposing.service import ProposalService
    from app.services.vaults import VaultService


@dataclass(frozen=True, slots=True)
class ConsoleParts:
    """Everything from outside the interface.

    ``open_model`` blocks until the worker is started (it may still be loading) and returns None where there is no
    model. ``restart`` gets the value of a ``LockReason``, replaces this process by a locked one and does not return.
    ``save_setting`` stores a choice (key, value); it may raise, which is shown and changes nothing else.
    """

    vault_service: "VaultService"
    open_model: "Callable[[Office], ModelWorker | None]"
    make_proposals: "Callable[[Desk, FramedModel], ProposalService]"
    settings: ConsoleSettings
    vault_dir: Path
    demo_dir: Callable[[Sector], Path]
    restart: Callable[[str], NoReturn]
    save_setting: Callable[[str, object], object] | None = None
    models: "ModelKeeper | None" = None
    """The models of this machine, for the Model page; None leaves the page out."""
    driving: "Callable[[Desk], Callable[[FramedModel], Sequence[TestPart]]] | None" = None
    """Makes the driving test of an open desk."""
    make_link: "LinkFactory | None" = None
    """Makes the process that talks to a gateway; None where this process has no way to one."""
    open_anonymiser: "Callable[[], ThreadAnonymiser] | None" = None
    """Returns what finds and replaces what identifies somebody; None leaves out what would leave."""
