"""axe-core, the accessibility checker of Deque Systems (MPL 2.0), vendored and pinned; see vendor/hashes.json."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

VENDOR = Path(__file__).parent / "vendor"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_STILL = "Promise.allSettled(document.getAnimations().map((each) => each.finished)).then(() => true)"
_RUN = (
    "axe.run(document, {{runOnly: {tags}, resultTypes: ['violations']}})"
    ".then((found) => JSON.stringify(found.violations))"
)


def assert_accessible(page: "Page", where: str = "the page") -> None:
    """Raise with rule and element when the page as it stands now breaks WCAG 2.1 AA or a best practice of axe-core."""
    found = [
        f"{each['id']} ({each['help']}): {', '.join(str(node['target']) for node in each['nodes'])}"
        for each in violations(page)
    ]
    assert found == [], f"{where}: " + "; ".join(found)


def violations(page: "Page") -> list[dict[str, Any]]:
    """Return what axe-core finds wrong. It enters through the debugger, because the page's policy lets no script in."""
    session = page.context.new_cdp_session(page)
    try:
        _evaluate(session, _STILL)
        if not _evaluate(session, "typeof axe === 'object'"):
            _evaluate(session, f"{source()};true")
        found: list[dict[str, Any]] = json.loads(_evaluate(session, _RUN.format(tags=json.dumps(TAGS))))
    finally:
        session.detach()
    return found


@cache
def source() -> str:
    """Return the script, once its digest is the pinned one."""
    pins = json.loads((VENDOR / "hashes.json").read_text(encoding="utf-8"))["files"]
    body = (VENDOR / "axe-core/axe.min.js").read_bytes()
    assert hashlib.sha256(body).hexdigest() == pins["axe-core/axe.min.js"], "axe-core is not what was pinned"
    return body.decode("utf-8")


def _evaluate(session: Any, script: str) -> Any:
    given = {"expression": script, "awaitPromise": True, "returnByValue": True}
    answer = session.send("Runtime.evaluate", given)
    assert "exceptionDetails" not in answer, answer["exceptionDetails"]["text"]
    return answer["result"]["value"]
