"""The models on this machine: what ships with the product and what was imported."""

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from app.inference.errors import GgufError, GgufProblem
from app.inference.gguf import CheckedFile, check_file, read_header
from app.services.models.errors import ModelError, ModelFault
from app.services.models.findings import FindingsBook
from app.services.models.manifests import ManifestError, ModelEntry, read_manifest
from app.services.models.memory import MemoryNeed, MemoryShape, need_of
from app.services.models.speed import Speed, measure_speed
from app.services.models.taking_in import ImportListener, ImportWish, ModelImport, name_from

__all__ = ["ModelCatalogue", "ModelError", "ModelFault", "Speed", "measure_speed", "name_from"]


class ModelCatalogue:
    """Models in ``models_dir`` (shipped, read-only) and ``user_dir`` (imported, 0700)."""

    def __init__(self, models_dir: Path, user_dir: Path) -> None:
        """Look for models in these two folders; neither has to exist."""
        self._models_dir = models_dir
        self._user_dir = user_dir
        self.findings = FindingsBook(user_dir)

    def list(self) -> tuple[ModelEntry, ...]:
        """Return every model with a sound manifest, shipped ones first; a shipped name cannot be taken by another."""
        entries: dict[str, ModelEntry] = {}
        for place, is_shipped in self._places():
            try:
                entry = read_manifest(place, is_shipped=is_shipped)
            except ManifestError:
                continue
            entries.setdefault(entry.name, entry)
        return tuple(entries.values())

    def find(self, name: str) -> ModelEntry:
        """Return the model called ``name``.

        Raises:
            ModelError: UNKNOWN.
        """
        for entry in self.list():
            if entry.name == name:
                return entry
        raise ModelError(ModelFault.UNKNOWN)

    def search_model(self) -> ModelEntry | None:
        """Return the embedding model that helps to find answers: the one that was imported last, or none."""
        found = [entry for entry in self.list() if entry.is_for_search and not entry.is_shipped]
        return max(found, key=lambda entry: entry.imported_ms or 0, default=None)

    def find_writer(self, name: str) -> ModelEntry:
        """Return the model called ``name``, which must be one that writes.

        Raises:
            ModelError: UNKNOWN, SEARCH_ONLY.
        """
        entry = self.find(name)
        if entry.is_for_search:
            raise ModelError(ModelFault.SEARCH_ONLY)
        return entry

    def check(self, name: str) -> CheckedFile:
        """Read the whole file of a model: header within bounds, digest as the manifest says.

        Raises:
            ModelError: UNKNOWN, CHANGED (another digest) or REFUSED (a header that llama.cpp must not see).
        """
        entry = self.find(name)
        try:
            return check_file(entry.file, entry.sha256)
        except GgufError as error:
            raise refusal(error) from error

    def need(self, entry: ModelEntry, context_tokens: int) -> MemoryNeed:
        """Return the memory that a model needs for this length of context.

        Raises:
            ModelError: REFUSED, where the manifest does not tell the shape and the header cannot be read.
        """
        shape = entry.shape
        if shape is None:
            try:
                shape = MemoryShape.of(read_header(entry.file))
            except GgufError as error:
                raise refusal(error) from error
        return need_of(
            shape,
            size_bytes=entry.size_bytes,
            parameters=entry.parameters,
            context_tokens=min(context_tokens, entry.context_tokens or context_tokens),
        )

    def import_file(
        self,
        source: Path,
        *,
        name: str | None = None,
        template: str | None = None,
        licence: str | None = None,
        imported_by: str = "",
        listener: ImportListener | None = None,
    ) -> ModelEntry:
        """Copy a GGUF file into the imported models and return its entry; a failure leaves nothing behind.

        Args:
            source: any regular file; it is not trusted.
            name: what to call it; made from the file's name when None.
            template: family of its turn markers; guessed from architecture and name when None.
            licence: as the administrator knows it; the file's own word when None.
            imported_by: who brings it in, for the passport.
            listener: hears of progress, may stop the import, and measures the speed before the model gets its name.

        Raises:
            ModelError: with the first rule that was broken.
        """
        wish = ImportWish(source, name, template, licence, imported_by)
        return ModelImport(self._user_dir, self.list(), listener or ImportListener()).run(wish)

    def remove(self, name: str) -> None:
        """Remove an imported model and what was found out about it.

        Raises:
            ModelError: UNKNOWN, SHIPPED, or COPY_FAILED when the disk refuses.
        """
        entry = self.find(name)
        if entry.is_shipped:
            raise ModelError(ModelFault.SHIPPED)
        gone = self._user_dir / f".removed-{secrets.token_hex(8)}"
        try:
            entry.file.parent.rename(gone)  # in one step: a half-removed model is never listed
            shutil.rmtree(gone, ignore_errors=True)
            if all(other.sha256 != entry.sha256 for other in self.list()):
                self.findings.forget(entry.sha256)
        except OSError as error:
            raise ModelError(ModelFault.COPY_FAILED) from error

    def _places(self) -> Iterator[tuple[Path, bool]]:
        for folder, is_shipped in ((self._models_dir, True), (self._user_dir, False)):
            for place in sorted(folder.iterdir()) if folder.is_dir() else ():
                if not place.name.startswith("."):
                    yield place, is_shipped


def refusal(error: GgufError) -> ModelError:
    """Return the header reader's error in the words of this room."""
    if error.code is GgufProblem.DIGEST_MISMATCH:
        return ModelError(ModelFault.CHANGED)
    return ModelError(ModelFault.REFUSED, error.code.value)
