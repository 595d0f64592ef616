"""Builds the objects and hands them over; the only module that knows every room.

Rooms are imported by the function that builds from them: ``vestibule --help`` must not load Qt, a database and a model
engine. The egress wall goes up before anything that is not Python's own is imported; only the gateway, a program for
another machine that must listen, does without it.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from app.isolation.dialler import Dialler, find_dialler, needs_dialler, start_dialler
from app.isolation.tripwire import Trip, install_tripwire
from app.isolation.wall import raise_egress_wall

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from socket import socket

    from app.channel.link.launch import Dial
    from app.channel.link.supervisor import Link
    from app.config import ConsoleSettings, Places
    from app.domain.channel import GatewayPlace
    from app.domain.office import Office, Sector
    from app.inference.supervisor import ModelWorker
    from app.services.anonymising.anonymiser import Anonymiser
    from app.services.channel.ports import LinkFactory
    from app.services.desk import Desk
    from app.services.drafting.second_model import OfficeSecondModel
    from app.services.models.catalogue import ModelCatalogue
    from app.services.models.driving import TestPart
    from app.services.models.keeper import ModelKeeper
    from app.services.models.manifests import ModelEntry
    from app.services.models.opening import CatalogueWorker
    from app.services.ports import FramedModel
    from app.services.proposing.service import ProposalService
    from app.services.vaults import VaultService
    from app.ui.shell.parts import ConsoleParts

_PRIVATE_FILES_MASK = 0o077
_GATEWAY = "gateway"
_door: Dialler | None = None
"""To the process that dials for the patient channel; None in a command that never needs it."""


def main() -> NoReturn:
    """Run the command line of this process and end it with the exit code of design §6."""
    os.umask(_PRIVATE_FILES_MASK)
    if sys.argv[1:2] != [_GATEWAY]:  # it must listen, and raises a wall of its own once it does
        _find_or_start_dialler()
        raise_egress_wall()
        install_tripwire(_name_culprit)
    from app.cli.main import main as run_command
    from app.cli.toolbox import Toolbox

    toolbox = Toolbox(
        places=places,
        settings=settings,
        vault_service=vault_service,
        catalogue=catalogue,
        models=models,
        open_model=open_model,
        run_console=run_console,
        run_tour=run_tour,
        make_link=link_factory(),
    )
    sys.exit(run_command(toolbox))


def _find_or_start_dialler() -> None:
    global _door  # noqa: PLW0603  made before the wall, needed once a desk is open; there is one a process
    _door = find_dialler(os.environ)
    if _door is None and needs_dialler(sys.argv[1:]):
        _door = start_dialler()


def places() -> "Places":
    """Return where things lie for this process."""
    from app.config import find_places

    return find_places(os.environ)


def settings() -> "ConsoleSettings":
    """Return the settings of this person, managed ones first."""
    from app.config import load_settings

    return load_settings(places())


def vault_service() -> "VaultService":
    """Return the ways to get at a vault."""
    from app.services.vaults import VaultService

    return VaultService()


def catalogue() -> "ModelCatalogue":
    """Return the models of this machine."""
    from app.services.models.catalogue import ModelCatalogue

    here = places()
    return ModelCatalogue(here.models_dir, here.user_models_dir)


def models() -> "ModelKeeper":
    """Return the models of this machine with what is known of them, and which one is used."""
    from app.config import save_setting
    from app.services.models.keeper import ModelKeeper

    here = places()
    return ModelKeeper(
        catalogue(),
        settings=settings,
        save_setting=lambda key, value: save_setting(here, key, value),
        open_entry=open_entry,
    )


def open_entry(entry: "ModelEntry") -> "AbstractContextManager[CatalogueWorker]":
    """Return a running model of the catalogue for the length of a ``with`` block."""
    from app.services.models.opening import running_entry

    chosen = settings()
    return running_entry(entry, threads=chosen.model_threads, context_tokens=chosen.context_tokens)


def open_model(file: Path, template: str) -> "AbstractContextManager[ModelWorker]":
    """Return a running model for the length of a ``with`` block."""
    from app.services.models.opening import running_model

    chosen = settings()
    return running_model(file, template, threads=chosen.model_threads, context_tokens=chosen.context_tokens)


def run_console(vault_dir: Path, lock_reason: str | None) -> int:
    """Open the windows on a vault; returns when they are closed."""
    from app.ui.shell.application import run_console as run

    return run(console_parts(vault_dir), lock_reason)


def run_tour(out_dir: Path | None) -> int:
    """Walk through every screen on a throw-away demo vault."""
    from app.ui.tour import run_tour as run

    return run(console_parts, out_dir)


def console_parts(vault_dir: Path) -> "ConsoleParts":
    """Return everything the windows are built from."""
    from app.config import save_setting
    from app.ui.shell.parts import ConsoleParts

    here, keeper = places(), models()
    return ConsoleParts(
        vault_service=vault_service(),
        open_model=_model_opener(keeper),
        make_proposals=make_proposals,
        settings=settings(),
        vault_dir=vault_dir,
        demo_dir=demo_dir,
        restart=_restarter(vault_dir),
        save_setting=lambda key, value: save_setting(here, key, value),
        models=keeper,
        driving=driving,
        open_anonymiser=open_anonymiser,
        make_link=link_factory(),
    )


def link_factory() -> "LinkFactory | None":
    """Return what makes links; None in a process that has no dialler and so no way to a gateway."""
    return None if _door is None else make_link


def make_link(place: "GatewayPlace", office_id: bytes, token: bytes) -> "Link":
    """Return the link of a desk to its gateway, not started yet; the dialler dials for it."""
    from app.channel.link.page_check import expected_page
    from app.channel.link.supervisor import Link
    from app.domain.post_sign_in import DeskSignIn

    chosen = settings()
    if chosen.gateway_ca != Path():
        place = replace(place, ca_file=chosen.gateway_ca)
    page = expected_page(places().resources_dir / "patient")
    return Link(place, DeskSignIn(office_id, token), _dial_only(chosen.gateway), page=page)


def open_anonymiser() -> "Anonymiser":
    """Return what finds and replaces what identifies somebody; its worker starts with the first text."""
    from app.services.anonymising.anonymiser import Anonymiser, pipeline_folder

    return Anonymiser(pipeline_folder(places().models_dir))


def driving(desk: "Desk") -> "Callable[[FramedModel], tuple[TestPart, ...]]":
    """Return what makes the driving test of an open desk: its own questions and the built-in ones."""

    def parts(model: "FramedModel") -> "tuple[TestPart, ...]":
        from app.services.conversations.phrases import load_phrases
        from app.services.models.driving_questions import built_in_part, demo_questions, own_part

        resources, office = places().resources_dir, desk.office
        phrases = load_phrases(resources, office.sector)
        more = demo_questions(demo_dir(office.sector)) if office.is_demo else ()
        return own_part(desk.conversations, model, phrases, more), built_in_part(resources, model, phrases)

    return parts


def demo_dir(sector: "Sector") -> Path:
    """Return the folder of an invented office."""
    return places().resources_dir / "demo" / sector.value


def make_proposals(desk: "Desk", model: "FramedModel") -> "ProposalService":
    """Return the proposals of one open desk with one running model."""
    from app.services.conversations.phrases import load_phrases
    from app.services.drafting.making import make_drafter
    from app.services.proposing.service import ProposalService

    # The desk's own list: it names the emergency numbers of the country that was chosen, at once.
    phrases = replace(load_phrases(places().resources_dir, desk.office.sector), interlock=desk.interlock)
    articles = desk.conversations.articles()
    return ProposalService(desk, make_drafter(articles, model, phrases, second=_second_model()))


def _second_model() -> "OfficeSecondModel | None":
    """Return the embedding model that the office imported; it starts when its first vector is wanted."""
    from app.inference.embedding import Embedder
    from app.services.drafting.second_model import OfficeSecondModel

    entry = catalogue().search_model()
    if entry is None:
        return None

    def make() -> Embedder:
        catalogue().check(entry.name)
        return Embedder(entry.file)

    return OfficeSecondModel(make, places().resources_dir)


def _dial_only(allowed: str) -> "Dial":
    """Return what dials ``allowed`` (HOST:PORT), or whatever it is told when this is empty."""
    from app.isolation.errors import DialError, DialProblem

    def dial(host: str, port: int, is_local_only: bool) -> "socket":
        if _door is None:
            raise DialError(DialProblem.NO_DIALLER)
        if allowed not in ("", f"{host}:{port}", f"[{host}]:{port}"):
            raise DialError(DialProblem.NOT_ALLOWED)
        return _door.dial(host, port, is_local_only=is_local_only)

    return dial


def _model_opener(keeper: "ModelKeeper") -> "Callable[[Office], ModelWorker | None]":
    def open_first(_office: "Office") -> "ModelWorker | None":
        return keeper.open_first().worker

    return open_first


def _restarter(vault_dir: Path) -> Callable[[str], NoReturn]:
    """Locking replaces this process: keys and text die with its memory (design §2)."""

    def restart(reason: str) -> NoReturn:
        if _door is not None:
            _door.hand_over(os.environ)
        command = [sys.executable, "-m", "app", "open", "--vault", str(vault_dir), "--locked", reason]
        os.execv(sys.executable, command)  # noqa: S606  our own interpreter, our own arguments

    return restart


def _name_culprit(trip: Trip) -> None:
    sys.stderr.write(f"vestibule: {trip.module} asked for the network ({trip.event}); it was refused\n")
