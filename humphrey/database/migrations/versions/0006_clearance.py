"""The desk, the record and who may do what: claims, comments, notices, grants, signed heads, holds and disclosures."""


import hashlib
import json
from typing import Any
import sqlalchemy as sa
from alembic import op


revision: str = "0006"


down_revision = "0005"


_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add columns and tables, fill what the queue is listed by, and give everybody's one role as a list."""
    _widen_reviews()
    _fill_reviews()
    _widen_others()
    _people()
    _beside_reviews()
    _record()


def _text(name: str, length: int | None = None, default: str = "") -> sa.Column[str]:
    kind = sa.String(length=length) if length else sa.Text()
    return sa.Column(name, kind, nullable=False, server_default=default)


def _widen_reviews() -> None:
    for column in (
        _text("classification", 200),
        _text("readers", 71),
        _text("files_of", 40),
        _text("title"),
        sa.Column("blocking", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("warnings", sa.Integer(), nullable=False, server_default="0"),
        _text("claimed_by", 200),
        sa.Column("claimed_until", _TIME),
        _text("handed_to", 200),
        sa.Column("reminded", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("escalated_at", _TIME),
        sa.Column("decided_at", _TIME),
        sa.Column("seeded", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("disposed_at", _TIME),
    ):
        op.add_column("reviews", column)
    op.create_index("reviews_queue", "reviews", ["state", "due", "opened_at"])
    counted = ["state", "kind", "readers", "classification", "due", "claimed_until"]
    op.create_index("reviews_counted", "reviews", [*counted, "claimed_by", "asked_by", "id", "outlet", "opened_at"])
    op.create_table(
        "readers",
        sa.Column("key", sa.String(length=71), primary_key=True),
        sa.Column("audiences", sa.Text(), nullable=False),
    )
    op.create_table(
        "review_sources",
        sa.Column("review", sa.String(length=40), sa.ForeignKey("reviews.id"), primary_key=True),
        sa.Column("document", sa.String(length=500), primary_key=True),
        sa.Column("version", sa.String(length=71), primary_key=True),
    )
    op.create_index("review_sources_document", "review_sources", ["document", "version"])


def _fill_reviews() -> None:
    connection = op.get_bind()
    wordings = sa.text("SELECT review, draft FROM versions ORDER BY review, n").columns(
        review=sa.String(), draft=sa.Text()
    )
    latest = {row.review: row.draft for row in connection.execute(wordings)}
    for review, stored in latest.items():
        try:
            _fill(connection, review, json.loads(stored))
        except (ValueError, TypeError, KeyError):
            # One that was damaged stays as it is: reading it says so.
            continue


def _fill(connection: sa.Connection, review: str, draft: dict[str, Any]) -> None:
    commission, levels = draft["commission"], [finding["level"] for finding in draft["findings"]]
    title = commission["text"] or " ".join(commission["facts"].values())
    cited = {(each["document"], each["version"]) for each in draft["citations"]}
    files_of = commission.get("conversation", "") if commission.get("attached") else ""
    values = {
        "classification": commission["marking"].removeprefix("UK ").split(" - ")[0],
        "readers": _readers(connection, cited, files_of),
        "files_of": files_of,
        "title": " ".join(title.split())[:200],
        "blocking": levels.count("block"),
        "warnings": levels.count("warn"),
        "id": review,
    }
    columns = ", ".join(f"{name} = :{name}" for name in values if name != "id")
    connection.execute(sa.text(f"UPDATE reviews SET {columns} WHERE id = :id"), values)
    for document, version in cited:
        connection.execute(
            sa.text("INSERT INTO review_sources (review, document, version) VALUES (:review, :document, :version)"),
            {"review": review, "document": document, "version": version},
        )


def _readers(connection: sa.Connection, cited: set[tuple[str, str]], files_of: str) -> str:
    """The key of the audiences of which a reader must be in every one; null is nobody."""
    held = sa.text("SELECT audience FROM editions WHERE document = :document AND version = :version")
    audiences = []
    for document, version in cited:
        row = connection.execute(held, {"document": document, "version": version}).first()
        audiences.append(None if row is None else json.loads(row.audience))
    closed = {json.dumps(each) for each in audiences if each and f"attached:{files_of}" not in each}
    kept: list[Any] = [None] if None in audiences else sorted(map(json.loads, closed))
    said = json.dumps(kept, separators=(",", ":"), ensure_ascii=False)
    key = "sha256:" + hashlib.sha256(said.encode(errors="surrogatepass")).hexdigest()
    if connection.execute(sa.text("SELECT key FROM readers WHERE key = :key"), {"key": key}).first() is None:
        keep = sa.text("INSERT INTO readers (key, audiences) VALUES (:key, :audiences)")
        connection.execute(keep, {"key": key, "audiences": said})
    return key


def _widen_others() -> None:
    op.add_column("versions", _text("origin", 20, "model"))
    op.add_column("versions", _text("instruction"))
    op.create_index("versions_editor", "versions", ["editor", "review"])
    op.execute("UPDATE versions SET origin = 'person' WHERE n > 1")
    op.add_column("decisions", _text("reasons", default="[]"))
    op.add_column("outbox", sa.Column("set_aside_at", _TIME))
    op.add_column("outbox", _text("sent_digest", 71))


def _people() -> None:
    op.add_column("people", _text("roles", default="[]"))
    # Whoever cleared drafts until now also looked after the guidance, and under every marking.
    op.execute("UPDATE people SET roles = '[\"' || role || '\"]'")
    op.execute("UPDATE people SET roles = '[\"reviewer\",\"guidance_owner\"]' WHERE role = 'reviewer'")
    op.drop_column("people", "role")
    op.add_column("people", _text("kinds", default="[]"))
    op.add_column("people", _text("markings", default='["OFFICIAL","OFFICIAL-SENSITIVE"]'))
    op.add_column("people", _text("email"))
    op.add_column("people", _text("deputies", default="[]"))
    op.add_column("people", sa.Column("identity", sa.String(length=500)))
    op.create_index("people_identity", "people", ["identity"], unique=True)
    op.add_column("sessions", sa.Column("seen_at", _TIME))
    op.execute("UPDATE sessions SET seen_at = opened_at")
    with op.batch_alter_table("sessions") as batch:
        batch.alter_column("seen_at", nullable=False)
    op.add_column("sessions", _text("way_in", 40, "password"))
    op.create_table(
        "sign_ins",
        sa.Column("state_digest", sa.String(length=71), primary_key=True),
        sa.Column("browser", sa.String(length=71), nullable=False),
        sa.Column("nonce", sa.String(length=100), nullable=False),
        sa.Column("verifier", sa.String(length=200), nullable=False),
        sa.Column("onwards", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=100), nullable=False, index=True),
        sa.Column("at", _TIME, nullable=False, index=True),
    )


def _beside_reviews() -> None:
    op.create_table(
        "comments",
        sa.Column("review", sa.String(length=40), sa.ForeignKey("reviews.id"), primary_key=True),
        sa.Column("n", sa.Integer(), primary_key=True),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
    )
    op.create_table(
        "readings",
        sa.Column("review", sa.String(length=40), sa.ForeignKey("reviews.id"), primary_key=True),
        sa.Column("reviewer", sa.String(length=200), primary_key=True),
        sa.Column("wording", sa.Integer(), primary_key=True),
        sa.Column("noted_at", _TIME, nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("opened", sa.Text(), nullable=False),
        sa.Column("cited", sa.Integer(), nullable=False),
    )
    op.create_table(
        "seeds",
        sa.Column("review", sa.String(length=40), sa.ForeignKey("reviews.id"), primary_key=True),
        sa.Column("source", sa.String(length=40), sa.ForeignKey("reviews.id"), nullable=False),
        sa.Column("error", sa.String(length=40), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("planted_at", _TIME, nullable=False),
        sa.Column("found_by", sa.String(length=200), nullable=False),
        sa.Column("missed_by", sa.String(length=200), nullable=False),
        sa.Column("revealed_at", _TIME),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.String(length=40), primary_key=True),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("review", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("read_at", _TIME),
        sa.Column("mailed_at", _TIME),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try", _TIME),
        sa.Column("failure", sa.Text(), nullable=False),
    )
    op.create_index("notices_of_person", "notices", ["person", "read_at", "at"])
    op.create_index("notices_to_mail", "notices", ["mailed_at", "next_try"])


def _record() -> None:
    op.create_table(
        "heads",
        sa.Column("n", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("seal", sa.String(length=71), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("key", sa.String(length=71), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("published", sa.Text(), nullable=False),
    )
    op.create_table(
        "holds",
        sa.Column("id", sa.String(length=40), primary_key=True),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("lifted_by", sa.String(length=200), nullable=False),
        sa.Column("lifted_at", _TIME),
    )
    op.create_table(
        "disposals",
        sa.Column("subject", sa.String(length=200), primary_key=True),
        sa.Column("part", sa.String(length=60), primary_key=True),
        sa.Column("digest", sa.String(length=71), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("scrubbed_at", _TIME),
    )
    op.create_table(
        "disclosures",
        sa.Column("id", sa.String(length=40), primary_key=True),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("redactions", sa.Text(), nullable=False),
        sa.Column("review", sa.String(length=40), sa.ForeignKey("reviews.id")),
        sa.Column("at", _TIME, nullable=False),
    )
