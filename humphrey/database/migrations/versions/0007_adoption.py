"""Documents and people are held against the record from now on; those of before are adopted as they stand."""


from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
import sqlalchemy as sa
from alembic import op
from humphrey.digests import canonical, row_digest, sha256


revision: str = "0007"


down_revision = "0006"


_START = "sha256:" + "0" * 64


_LONGEST_SUBJECT = 200


# As the stores take them; columns that are added later are empty here, and empty columns change no digest.
_IMPRINT = (
    *("title", "url", "publisher", "updated", "state", "replaced_by", "licence", "withdrawn_at", "reason", "locale"),
    "history",
)


_ACCOUNT = ("password", "disabled", "roles", "groups", "kinds", "markings", "email", "deputies", "identity")


_LEDGER = sa.table(
    "ledger",
    sa.column("n", sa.Integer),
    sa.column("at", sa.DateTime(timezone=True)),
    *(sa.column(name, sa.Text) for name in ("actor", "act", "subject", "detail", "previous", "seal")),
)


def upgrade() -> None:
    """Enter once how each document, version and account stands; nothing in a new database."""
    connection = op.get_bind()
    last = connection.execute(sa.text("SELECT n, seal FROM ledger ORDER BY n DESC LIMIT 1")).first()
    found = [*_documents(connection), *_people(connection)]
    if last is None and not found:
        return
    n, seal, at = (last.n, last.seal, datetime.now(UTC)) if last else (0, _START, datetime.now(UTC))
    for subject, detail in [("record", {"what": "record", "rows": str(len(found))}), *found]:
        n, seal = n + 1, _enter(connection, n + 1, at, subject, detail, seal)


def _enter(
    connection: sa.Connection, n: int, at: datetime, subject: str, detail: Mapping[str, str], previous: str
) -> str:
    """Add an entry, sealed onto the one before it; return its seal."""
    short = subject.encode(errors="replace").decode()[:_LONGEST_SUBJECT]
    said = {"n": n, "actor": "humphrey", "act": "record:adopt", "subject": short, "previous": previous}
    seal = sha256(canonical({**said, "at": at.isoformat(), "detail": dict(detail)}))
    connection.execute(sa.insert(_LEDGER).values(**said, at=at, detail=canonical(dict(detail)), seal=seal))
    return seal


def _documents(connection: sa.Connection) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the earlier versions, then the documents; an attached file is named with its conversation."""
    today = {row["id"]: row for row in _rows(connection, "SELECT * FROM documents ORDER BY id")}
    for row in _rows(connection, "SELECT * FROM editions ORDER BY document, version"):
        name = row["document"]
        if name not in today or today[name]["version"] != row["version"]:
            said = {"version": row["version"], "audience": row["audience"], **_long(name)}
            yield name, {"what": "version", **said}
    files = {row["document"]: row for row in _rows(connection, "SELECT id, document, conversation FROM attachments")}
    for name, row in today.items():
        kept = row_digest(row, ("version", "audience", *_IMPRINT))
        said = {"version": row["version"], "audience": row["audience"], "kept": kept, **_long(name)}
        file = files.get(name)
        of = {"file": file["id"], "conversation": file["conversation"]} if file else {}
        yield name, {"what": "document", **said, **of}


def _people(connection: sa.Connection) -> Iterator[tuple[str, dict[str, str]]]:
    for row in _rows(connection, "SELECT * FROM people ORDER BY name"):
        kept = row_digest({**row, "disabled": "yes" if row["disabled_at"] else ""}, _ACCOUNT)
        yield row["name"], {"what": "person", "kept": kept}


def _long(name: str) -> dict[str, str]:
    """Name a document whose id is longer than the subject of an entry."""
    return {"document": name} if len(name) > _LONGEST_SUBJECT else {}


def _rows(connection: sa.Connection, query: str) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(sa.text(query)).mappings()]
