"""The models that write, joined with what they need, and the services of drafting and clearance that use them.

Like the application it is one of the two places that know the adapters; frameworks are imported when first needed.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from humphrey.accounts.service import Accounts
from humphrey.calculations.workings import Office
from humphrey.clearance.access import Access
from humphrey.clearance.assignment import Assignment
from humphrey.clearance.instructions import Instructions
from humphrey.clearance.service import ClearanceService
from humphrey.conversations.service import ConversationService
from humphrey.database.engine import Database
from humphrey.documents.audiences import MayRead
from humphrey.documents.model import DocumentLookup
from humphrey.drafting.questions.screening import Highest
from humphrey.drafting.revision.by_rule import Reviser, Revision, by_rule
from humphrey.drafting.service import DraftingService
from humphrey.ledger.attempts import Attempts
from humphrey.llm.quotas import QuotaLimits, Quotas
from humphrey.papers.draft import Commission, Draft, Drafter, ModelName, OnText
from humphrey.papers.kind import Paper, Papers
from humphrey.search.model import Search
from humphrey.settings import Settings
from humphrey.text.local_time import today

if TYPE_CHECKING:
    from humphrey.drafting.evidence import NumberedPassage
    from humphrey.drafting.extractive.confidence import ConfidenceFeatures
    from humphrey.drafting.extractive.language_model import ExtractiveModel
    from humphrey.llm.endpoint import EndpointSettings
    from humphrey.llm.failover import FailoverChatModel
    from humphrey.llm.usage import QuotaLease
    from humphrey.search.embeddings import EmbeddingModel


T = TypeVar("T")


def _now() -> datetime:
    return datetime.now(UTC)


class Lazy(Generic[T]):
    """Makes a thing when it is first asked for, once, whichever thread asks."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: list[T] = []
        self._lock = Lock()

    def __call__(self) -> T:
        """The thing."""
        with self._lock:
            if not self._made:
                self._made.append(self._make())
            return self._made[0]


class ClearanceServices(NamedTuple):
    """The services that a draft passes through until it is approved."""

    drafting: DraftingService
    conversations: ConversationService
    clearance: ClearanceService
    assignment: Assignment
    instructions: Instructions
    access: Access


def join_clearance(
    drafter: Drafter,
    database: Database,
    people: Accounts,
    papers: Papers,
    lookup: DocumentLookup,
    may_read: MayRead,
    *,
    highest: Highest = "OFFICIAL",
    claim: timedelta = timedelta(minutes=30),
    revise: Reviser = by_rule,
    outlets: Collection[str] = ("web", "file"),
    now: Callable[[], datetime] = _now,
) -> ClearanceServices:
    """Join the services of drafting and clearance.

    Args:
        drafter: writes drafts.
        database: holds everything.
        people: the accounts.
        papers: the kinds that can be commissioned.
        lookup: returns documents as they stood, for the checks.
        may_read: decides which documents a group may read.
        highest: the highest marking that may be held here.
        claim: how long a reviewer's claim on a draft lasts.
        revise: changes drafts by instruction.
        outlets: the outlets that texts can leave by.
        now: the clock.
    """
    attempts, access = Attempts(database, now), Access(database, people, may_read)
    conversations = ConversationService(database, people, now)
    drafting = DraftingService(
        drafter,
        papers,
        lookup,
        people.groups,
        conversations.files,
        database,
        highest=highest,
        revise=revise,
        outlets=outlets,
        now=now,
    )
    clearance = ClearanceService(drafting, access, attempts, people, lookup, database, now)
    assignment = Assignment(database, people, access, attempts, claim, now)
    instructions = Instructions(clearance, drafting, access, attempts, people, database, now)
    return ClearanceServices(drafting, conversations, clearance, assignment, instructions, access)


def join_drafter(
    settings: Settings,
    turn: "QuotaLease",
    search: Search,
    lookup: DocumentLookup,
    embed: "Callable[[], EmbeddingModel]",
) -> Drafter:
    """The drafter, with the endpoint that the settings name or the embedded model."""
    office = join_office(settings)

    def make() -> Drafter:
        from humphrey.drafting.agent.drafter import AgentDrafter
        from humphrey.llm.usage import Metered

        model, name = join_model(settings, embed)
        passages = settings.passages_per_answer
        agent = AgentDrafter(model, name, search, lookup, passages_per_answer=passages, today=today, office=office)
        written = _by_task(agent, join_tasks(lookup, embed, model if settings.model.base_url else None, name))
        return Metered(written, turn) if settings.model.base_url else written

    drafter = Lazy(make)

    def draft(commission: Commission, paper: Paper, watch: OnText) -> Draft:
        return drafter()(commission, paper, watch)

    return draft


def _by_task(guidance: Drafter, own_texts: Drafter) -> Drafter:
    def draft(commission: Commission, paper: Paper, watch: OnText) -> Draft:
        return (own_texts if commission.task else guidance)(commission, paper, watch)

    return draft


def join_tasks(
    lookup: DocumentLookup,
    embed: "Callable[[], EmbeddingModel]",
    model: "FailoverChatModel | ExtractiveModel | None",
    name: ModelName,
) -> Drafter:
    """The drafter for texts of the asker's own; without a model everything is done by rule."""
    from humphrey.drafting.own_texts.drafter import OwnTextsDrafter
    from humphrey.drafting.own_texts.in_parts import PartWriter

    return OwnTextsDrafter(lookup, embed(), (PartWriter(model), name) if model else None)


def join_reviser(
    settings: Settings, turn: "QuotaLease", lookup: DocumentLookup, embed: "Callable[[], EmbeddingModel]"
) -> Reviser:
    """What changes drafts as somebody tells it to: the model at an endpoint, or rules where there is none."""
    if not settings.model.base_url:
        return by_rule

    def make() -> Reviser:
        from humphrey.drafting.revision.by_model import ModelReviser

        return ModelReviser(*join_model(settings, embed), lookup)

    reviser = Lazy(make)

    def revise(revision: Revision, paper: Paper, watch: OnText) -> Draft:
        from humphrey.llm.usage import write_metered

        return write_metered(turn, revision.by, lambda: reviser()(revision, paper, watch))

    return revise


def join_office(settings: Settings) -> Office:
    """What the department keeps: its bank holidays, and the sitting days that it was told."""
    from humphrey.calculations.sitting_days import sitting_days

    sitting = sitting_days(settings.sitting_days) if settings.sitting_days else frozenset()
    return Office(settings.division, sitting)


def join_model(
    settings: Settings, embed: "Callable[[], EmbeddingModel]"
) -> "tuple[FailoverChatModel | ExtractiveModel, ModelName]":
    """The model that writes and how drafts name it: the endpoints that the settings name, or the embedded model."""
    if not settings.model.base_url:
        from humphrey.drafting.extractive.language_model import NAME, ExtractiveModel

        return ExtractiveModel(embed=embed()), NAME
    from humphrey.llm.failover import build_chat_model

    return build_chat_model(*services(settings)), ModelName("openai-compatible", settings.model.name)


def services(settings: Settings) -> "list[EndpointSettings]":
    """The endpoints that the settings name, the preferred one first."""
    from humphrey.llm.endpoint import EndpointSettings

    named = {"HUMPHREY_MODEL": settings.model, "HUMPHREY_FALLBACK_MODEL": settings.fallback_model}
    return [
        EndpointSettings(
            **asked.model_dump(exclude={"api_key", "tools"}),
            api_key=asked.api_key.get_secret_value(),
            tools=asked.tools == "auto",
            setting=setting,
        )
        for setting, asked in named.items()
        if asked.base_url
    ]


def join_turn(settings: Settings, database: Database) -> "QuotaLease":
    """Whose turn it is at the endpoints, whatever is written there: drafts and what is changed in them count alike."""
    return Quotas(database, QuotaLimits(**settings.limits.model_dump()), today).turn


def embeddings(settings: Settings) -> "EmbeddingModel":
    """The embedded model of passages and queries."""
    from humphrey.search.embeddings import EmbeddingModel

    return EmbeddingModel(settings.threads)


def weighing(embed: "EmbeddingModel") -> "Callable[[str, Sequence[NumberedPassage]], ConfidenceFeatures | None]":
    """What the embedded model weighs of the passages found for a question, for evaluations to fit and to judge by."""
    from humphrey.drafting.extractive.selection import SentenceSelector

    choose = SentenceSelector(embed)
    return lambda question, passages: choose(question, question, passages).signs


def keyword_ranking(texts: Sequence[str]) -> Callable[[str, int], Mapping[int, float]]:
    """The keyword ranking of some texts alone, for evaluations to compare with: scores by position, best first."""
    from humphrey.search.keyword_ranking import WordCounts, rank

    words = WordCounts.of(texts)
    return lambda query, limit: rank([words], query, limit)[0]
