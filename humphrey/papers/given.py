"""The documents that a draft rests on. A person who is shown any of its words needs the right to read all of them."""

from collections.abc import Iterator

from humphrey.documents.sources import source_name
from humphrey.papers.draft import Draft, EarlierTurn, GivenDocument


def rests_on(draft: Draft) -> tuple[GivenDocument, ...]:
    """Return the documents that were given to a drafter or for the earlier turns, and those cited; each once.

    Citations are the whole list of a draft that was stored before documents given were kept.
    """
    known: dict[tuple[str, str], GivenDocument] = {}
    for each in _every(draft):
        # A citation does not say whom a document is for.
        if not ((before := known.get((each.id, each.version))) and before.for_group):
            known[each.id, each.version] = each
    return tuple(known.values())


def names_looked_at(draft: Draft) -> tuple[str, ...]:
    """Return the names of the documents that were looked at, in their order; titles where no more was kept."""
    known = {each.id: source_name(each) for each in rests_on(draft)}
    return tuple(known.get(id_, title) for id_, title in draft.looked_at)


def turn_of(draft: Draft) -> EarlierTurn:
    """Return a draft as an earlier turn of its conversation, with the documents that it rests on.

    A draft that was stored before they were kept names the documents it looked at without their versions.
    """
    known = rests_on(draft)
    named = {each.id for each in known}
    looked_at = draft.looked_at if draft.given is None else ()
    attached = draft.commission.attached
    older = (GivenDocument(id_, "", title, id_ in attached) for id_, title in looked_at if id_ not in named)
    return EarlierTurn(draft.commission.text, draft.text, (*known, *older))


def _every(draft: Draft) -> Iterator[GivenDocument]:
    for cited in draft.citations:
        attached = cited.document in draft.commission.attached
        yield GivenDocument(
            cited.document, cited.version, cited.title, attached, summary=cited.summary, facts_as_of=cited.facts_as_of
        )
    yield from draft.given or ()
    for turn in draft.commission.earlier:
        yield from turn.given or ()
