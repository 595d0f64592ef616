"""What the commands are handed: built by ``bootstrap``, called only by the command that needs it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # these rooms are heavy; --help must not load them
    from contextlib import AbstractContextManager

    from app.config.places import Places
    from app.config.settings import ConsoleSettings
    from app.services.channel.ports import LinkFactory
    from app.services.models.catalogue import ModelCatalogue
    from app.services.models.keeper import ModelKeeper
    from app.services.ports import FramedModel
    from app.services.vaults import VaultService


@dataclass(frozen=True, slots=True)
class Toolbox:
    """Every field is a call that builds or does its thing when it is needed, and not before."""

    places: "Callable[[], Places]"
    """Where things lie."""
    settings: "Callable[[], ConsoleSettings]"
    """The settings of this person; may raise ``ConfigError``."""
    vault_service: "Callable[[], VaultService]"
    """The ways to get at a vault."""
    catalogue: "Callable[[], ModelCatalogue]"
    """The models on this machine."""
    models: "Callable[[], ModelKeeper]"
    """The same models with what is known of them, and which one is used."""
    open_model: "Callable[[Path, str], AbstractContextManager[FramedModel]]"
    """A running model for a checked file and its template family, stopped at the end of the block."""
    run_console: Callable[[Path, str | None], int]
    """The windows: vault folder, and why it was locked when it was (``None`` at an ordinary start); an exit code."""
    run_tour: Callable[[Path | None], int]
    """The guided tour: folder for its pictures; an exit code."""
    make_link: "LinkFactory | None" = None
    """The link of the patient channel to its gateway; None where nothing can dial."""
