"""Parts for wizard and lock screen: real vaults with the least stretching, the real proposal path, a scripted model."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from app.crypto.passwords import FLOOR, KdfParameters
from app.domain.ids import PersonId
from app.domain.office import Office, Sector
from app.knowledge import PassageIndex
from app.services.conversations.phrases import load_phrases
from app.services.desk import Desk
from app.services.drafting.drafter import Drafter
from app.services.ports import FramedModel
from app.services.proposing.service import ProposalService
from app.services.vaults import CreatedVault, VaultService
from tests.support.scripted_model import ScriptedModel

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
PASSWORD = "seven quiet lanterns by the door"


class QuickVaultService(VaultService):
    """The real service with the least stretching that is allowed, so that tests are quick."""

    def create(
        self, directory: Path, *, password: str, person_name: str, office: Office, kdf: KdfParameters = FLOOR
    ) -> CreatedVault:
        return super().create(directory, password=password, person_name=person_name, office=office, kdf=kdf)

    def change_password(
        self, desk: Desk, new_password: str, *, person_id: PersonId | None = None, kdf: KdfParameters = FLOOR
    ) -> None:
        super().change_password(desk, new_password, person_id=person_id, kdf=kdf)


def quote_first_source(prompt: str) -> str:
    """Answer as a good model would: the first sentence of the first source, with its mark."""
    text = prompt.split("[1] ", 1)[1].split("\n", 2)[1]
    return re.split(r"(?<=[.!?])\s", text)[0] + " [1]"


@dataclass
class TestParts:
    """Fits ``OpeningParts``."""

    __test__ = False

    vault_dir: Path
    model: FramedModel | None = field(default_factory=lambda: ScriptedModel([quote_first_source]))
    vault_service: VaultService = field(default_factory=QuickVaultService)
    closed: list[str] = field(default_factory=list)

    @property
    def open_model(self) -> Callable[[Office], FramedModel | None]:
        return lambda _office: self.model

    @property
    def make_proposals(self) -> Callable[[Desk, FramedModel], ProposalService]:
        return self._make

    @property
    def demo_dir(self) -> Callable[[Sector], Path]:
        return lambda sector: RESOURCES / "demo" / sector.value

    def _make(self, desk: Desk, model: FramedModel) -> ProposalService:
        index = PassageIndex(desk.conversations.articles())
        return ProposalService(desk, Drafter(index, model, load_phrases(RESOURCES, desk.office.sector)))
