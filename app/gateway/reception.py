"""Who comes to the WebSocket: let in, told why not, or told to come later; then served until the end."""

import asyncio
from typing import Final

from starlette.websockets import WebSocket, WebSocketDisconnect

from app.domain.post_sign_in import (
    PatientSignIn,
    SignedIn,
    SignInCode,
    SignInRefused,
    decode_sign_in,
    encode_welcome,
)
from app.gateway.answering import Asker
from app.gateway.connection import POLICY, Connection
from app.gateway.headers import is_own_origin
from app.gateway.limits import client_key
from app.gateway.post_office import PostOffice

NORMAL: Final = 1000
TRY_LATER: Final = 1013


async def serve_socket(socket: WebSocket, office: PostOffice) -> None:
    """Serve one WebSocket: let it in or say why not, then serve it until it ends."""
    if not is_own_origin(socket.scope):
        await socket.close()
        return
    client = client_key(socket.client.host if socket.client else None)
    is_in = office.come_in(client)
    try:
        await socket.accept()
        found = await _sign_in(socket, office, client) if is_in else SignInCode.BUSY
        if isinstance(found, Asker):
            await Connection(socket, office, found).run()
        elif found is not None:
            await _refuse(socket, found)
    except WebSocketDisconnect:
        pass
    except Exception as fault:  # noqa: BLE001  the outermost of one connection
        office.report(fault)
    finally:
        if is_in:
            office.go(client)


async def _sign_in(socket: WebSocket, office: PostOffice, client: str) -> Asker | SignInCode | None:
    """Return who is there, or why they may not stay; None when nobody waits for an answer any more."""
    try:
        async with asyncio.timeout(office.limits.sign_in_s):
            message = await socket.receive()
    except TimeoutError:
        return SignInCode.UNKNOWN
    if message["type"] == "websocket.disconnect":
        return None
    sign_in = decode_sign_in(message.get("text") or "")
    if isinstance(sign_in, SignInRefused):
        return sign_in.code
    code = await office.admit(sign_in, client)
    if code is not None:
        return code
    await socket.send_text(encode_welcome(SignedIn(office.now_ms())))
    if isinstance(sign_in, PatientSignIn) and sign_in.is_peek:
        await socket.close(NORMAL)
        return None
    return Asker(sign_in.address if isinstance(sign_in, PatientSignIn) else None)


async def _refuse(socket: WebSocket, code: SignInCode) -> None:
    await socket.send_text(encode_welcome(SignInRefused(code)))
    await socket.close(TRY_LATER if code is SignInCode.BUSY else POLICY)
