"""What the tour leaves behind beside its pictures: a transcript for people, timings for programs."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from app.ui.tour.errors import TourUnwritableError


@dataclass
class TourRecord:
    """Collects steps in their order; ``timings_ms`` are names to milliseconds."""

    pictures: list[tuple[str, str]] = field(default_factory=list)
    timings_ms: dict[str, float] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def next_number(self) -> int:
        """Number of the next picture, from 1."""
        return len(self.pictures) + 1

    def add_picture(self, file: str, caption: str) -> None:
        """Note a picture and what it shows."""
        self.pictures.append((file, caption))

    def add_timing(self, name: str, value_ms: float) -> None:
        """Note how long something took."""
        self.timings_ms[name] = round(value_ms, 1)

    def write(self, out_dir: Path) -> None:
        """Write ``transcript.md`` and ``timings.json``.

        Raises:
            TourUnwritableError: the folder cannot be written.
        """
        lines = ["# The guided tour", "", "Invented people on a throw-away vault; every screen is the real one.", ""]
        lines += [f"{number}. {caption} (`{file}`)" for number, (file, caption) in enumerate(self.pictures, start=1)]
        lines += ["", "## What was seen", "", *(f"- {remark}" for remark in self.remarks)]
        lines += ["", "## Timings", "", "| what | ms |", "| --- | ---: |"]
        lines += [f"| {name} | {value:,.0f} |" for name, value in self.timings_ms.items()]
        try:
            (out_dir / "transcript.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
            (out_dir / "timings.json").write_text(json.dumps(self.timings_ms, indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise TourUnwritableError("cannot write the transcript") from error
