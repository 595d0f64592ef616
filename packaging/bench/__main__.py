"""``make bench``: measure the budgets of the design, print a table, write JSON.

Each part is a module beside this one with ``measure() -> list[Row]``. Ratios are taken against a named peer in the same
run, because the machines that run this are noisy. Nothing here fails a build: a figure over its budget is marked, and a
person decides.
"""

import argparse
import importlib
import json
import os
import platform
import sys
import time
from pathlib import Path
from typing import TypedDict

_WHOLE_FROM = 1000
"""Figures from here on are printed without decimals."""

PARTS = ("store", "vault", "interface", "drafts", "worker", "waiting", "decoding")


class Row(TypedDict, total=False):
    """One figure: what was measured, its value and unit, and the budget as words such as ``"≤ 50"``."""

    what: str
    value: float
    unit: str
    budget: str


def main() -> int:
    """Measure the chosen parts; returns 0 even when a budget is missed, 2 for a wrong part."""
    arguments = _parse_arguments()
    sys.path.insert(0, str(Path(__file__).parent))
    report = {"machine": _describe_machine(), "date": time.strftime("%Y-%m-%d"), "parts": {}}
    for part in arguments.parts:
        print(f"\n{part}")
        rows: list[Row] = importlib.import_module(part).measure()
        for row in rows:
            print(_as_line(row))
        report["parts"][part] = rows
    arguments.out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"\nwritten to {arguments.out}")
    return 0


def is_within(row: Row) -> bool | None:
    """Say whether a figure keeps its budget; None where it has none."""
    budget = row.get("budget", "")
    if not budget:
        return None
    sign, limit = budget.split()[0], float(budget.split()[1].replace(",", ""))
    return row["value"] <= limit if sign == "≤" else row["value"] >= limit


def _as_line(row: Row) -> str:
    verdict = {True: "within", False: "OVER", None: ""}[is_within(row)]
    value = f"{row['value']:,.3g}" if row["value"] < _WHOLE_FROM else f"{row['value']:,.0f}"
    return f"  {row['what']:<62} {value:>9} {row['unit']:<9} {row.get('budget', ''):<9} {verdict}"


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("bench.json"))
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=[part for part in PARTS if _exists(part)])
    return parser.parse_args()


def _exists(part: str) -> bool:
    return Path(__file__).with_name(f"{part}.py").exists()


def _describe_machine() -> dict[str, str | int]:
    return {"system": platform.platform(), "python": platform.python_version(), "cores": os.cpu_count() or 0}


if __name__ == "__main__":
    sys.exit(main())
