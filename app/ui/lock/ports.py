"""What wizard and lock screen need from the rest of the console, as a protocol; ``ConsoleParts`` fits it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.domain.office import Office, Sector

if TYPE_CHECKING:  # the lock screen must not wait for what proposes
    from app.services.desk import Desk
    from app.services.ports import FramedModel
    from app.services.proposing.service import ProposalService
    from app.services.vaults import VaultService


class OpeningParts(Protocol):
    """The parts that the wizard and the lock screen work with."""

    @property
    def vault_service(self) -> "VaultService":
        """Makes and opens vaults; called on the store thread."""

    @property
    def vault_dir(self) -> Path:
        """Where the vault lies or will lie."""

    @property
    def open_model(self) -> "Callable[[Office], FramedModel | None]":
        """Starts the model worker for an office; None when there is no model. Blocks, so called on the store thread."""

    @property
    def make_proposals(self) -> "Callable[[Desk, FramedModel], ProposalService]":
        """Joins an open desk and a model."""

    @property
    def demo_dir(self) -> Callable[[Sector], Path]:
        """Where the demo content of a sector lies."""


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """An open desk for the main window, and the model when it was started on the way."""

    desk: "Desk"
    model: "FramedModel | None" = None
