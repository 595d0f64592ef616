"""The web application: the page, the office document, the health of the gateway, and the WebSocket. Nothing else."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from app.domain.strict_json import dump_object
from app.gateway.headers import Hardened
from app.gateway.page import START, PageFile
from app.gateway.post_office import PostOffice
from app.gateway.reception import serve_socket
from app.gateway.walls import Walls

_JSON: Final = "application/json"
_ASK_EVERY_TIME: Final = "no-cache"
_NEVER_KEEP: Final = "no-store"


Serve = Callable[[Request], Awaitable[Response]]


def make_web(office: PostOffice, page: Sequence[PageFile], walls: Walls | None = None) -> ASGIApp:
    """Return the application; what is on none of its paths is answered 404. ``/health`` tells ``walls``, too."""

    async def socket(socket: WebSocket) -> None:
        await serve_socket(socket, office)

    async def document(_request: Request) -> Response:
        return Response(office.document.raw, media_type=_JSON, headers={"cache-control": _NEVER_KEEP})

    async def health(_request: Request) -> Response:
        is_well = office.mailbox.is_well and not office.members.is_closing
        body = dump_object({"ok": is_well} | ({} if walls is None else walls_json(walls)))
        return Response(body, 200 if is_well else 503, media_type=_JSON, headers={"cache-control": _NEVER_KEEP})

    files = {f"/{file.path}": _server_of(file) for file in page}
    start = files.get(f"/{START}", _no_page)
    routes = [
        Route("/", start),
        Route("/c", start),
        Route("/office.json", document),
        Route("/health", health),
        WebSocketRoute("/ws", socket),
        *(Route(path, serve) for path, serve in files.items()),
    ]
    web = Starlette(routes=routes, exception_handlers={404: _not_here, 405: _not_here})
    web.router.redirect_slashes = False
    return Hardened(_Reporting(web, office))


def walls_json(walls: Walls) -> dict[str, object]:
    """Return what holds around the gateway, for ``/health`` and for whoever starts it."""
    return {"seccomp": walls.has_seccomp, "landlock": walls.landlock, "files_fenced": walls.are_files_fenced}


class _Reporting:
    """Tells the operator of a fault of ours; the client gets Starlette's plain 500."""

    def __init__(self, app: ASGIApp, office: PostOffice) -> None:
        self._app, self._office = app, office

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except Exception as fault:
            self._office.report(fault)
            raise


def _server_of(file: PageFile) -> Serve:
    async def serve(request: Request) -> Response:
        headers = {"cache-control": _ASK_EVERY_TIME, "etag": file.etag, "vary": "accept-encoding"}
        if request.headers.get("if-none-match") == file.etag:
            return Response(status_code=304, headers=headers)
        takes_zipped = "gzip" in request.headers.get("accept-encoding", "").lower()
        if file.zipped is not None and takes_zipped:
            return Response(file.zipped, media_type=file.media_type, headers={**headers, "content-encoding": "gzip"})
        return Response(file.body, media_type=file.media_type, headers=headers)

    return serve


async def _no_page(_request: Request) -> Response:
    return PlainTextResponse("The page is not installed here.\n", 503, headers={"cache-control": _NEVER_KEEP})


async def _not_here(_request: Request, _problem: Exception) -> Response:
    return PlainTextResponse("Not here.\n", 404, headers={"cache-control": _NEVER_KEEP})
