"""What the console gives to IT: with it the gateway knows one office, and nothing secret of it."""

import json

from app.domain.strict_json import dump_object, to_base64


def office_file(office_id: bytes, token_hash: bytes, document: bytes) -> bytes:
    """Return the office file: ``{"v":1,"office":…,"token_hash":…,"document":{…}}``."""
    fields: dict[str, object] = {
        "v": 1,
        "office": to_base64(office_id),
        "token_hash": to_base64(token_hash),
        "document": json.loads(document),
    }
    return dump_object(fields)
