"""What SQL may do on a connection of the vault: everything ordinary, nothing that makes a second, weaker file.

``ATTACH … KEY ''`` exports plain text; a bare ``ATTACH`` and ``VACUUM INTO`` reuse key and salt (threat-model.md §8,
measured). SQLite asks this function while it compiles a statement, so a statement that is reused costs nothing.
"""

from typing import Final

_OK: Final = 0
_DENY: Final = 1

# Action codes of the C interface: sqlite3_set_authorizer.
_PRAGMA: Final = 19
_ATTACH: Final = 24
_DETACH: Final = 25
_FUNCTION: Final = 31

_FORBIDDEN_FUNCTIONS = frozenset(
    {"load_extension", "sqlcipher_export", "fts3_tokenizer", "readfile", "writefile", "edit"}
)

_READABLE = """
application_id busy_timeout cache_size cell_size_check cipher_version compile_options data_version foreign_keys
freelist_count journal_mode mmap_size page_count page_size query_only read_uncommitted schema_version secure_delete
synchronous temp_store trusted_schema user_version
"""
_CALLABLE = """
table_info table_xinfo table_list index_list index_info index_xinfo foreign_key_list foreign_key_check integrity_check
quick_check cipher_integrity_check wal_checkpoint optimize incremental_vacuum
defer_foreign_keys analysis_limit cache_size shrink_memory
"""
_COUNTER = "user_version"
"""A number of ours in the file's header; the store keeps in it which slot file it has seen (``open_vault``)."""

_READABLE_PRAGMAS = frozenset(_READABLE.split())
_CALLABLE_PRAGMAS = frozenset(_CALLABLE.split())
"""May also carry an argument: they look, tidy, or concern one connection only."""


def authorise(action: int, first: str | None, second: str | None, *_where: str | None) -> int:
    """Answer SQLite whether one step of a statement may be compiled: 0 yes, 1 no.

    ``first`` and ``second`` mean what the action says: name and argument of a pragma; nothing and name of a function.
    """
    if action == _PRAGMA:
        return _OK if _is_harmless_pragma((first or "").lower(), second) else _DENY
    if action in {_ATTACH, _DETACH}:
        return _DENY
    if action == _FUNCTION and (second or "").lower() in _FORBIDDEN_FUNCTIONS:
        return _DENY
    return _OK


def _is_harmless_pragma(name: str, argument: str | None) -> bool:
    is_counter = name == _COUNTER and (argument or "").isdecimal()
    return is_counter or name in _CALLABLE_PRAGMAS or (argument is None and name in _READABLE_PRAGMAS)
