"""Join the drafters and the reviser with their models. Frameworks are imported when first needed."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Generic, TypeVar

from humphrey.calculations.workings import Office
from humphrey.database.engine import Database
from humphrey.documents.model import DocumentLookup
from humphrey.drafting.revision.by_rule import Reviser, Revision, revise_by_rule
from humphrey.llm.quotas import QuotaLimits, Quotas
from humphrey.papers.draft import Commission, Draft, Drafter, DraftRequest, ModelName, OnText
from humphrey.papers.kind import Paper
from humphrey.search.model import Search
from humphrey.settings import Settings
from humphrey.text.dates import today

if TYPE_CHECKING:
    from humphrey.drafting.evidence import NumberedPassage
    from humphrey.drafting.extractive.confidence import ConfidenceFeatures
    from humphrey.drafting.extractive.language_model import ExtractiveModel
    from humphrey.llm.bounds import Bounds
    from humphrey.llm.endpoint import EndpointSettings
    from humphrey.llm.failover import FailoverChatModel
    from humphrey.llm.usage import QuotaLease
    from humphrey.search.remembered_vectors import RememberedVectors


T = TypeVar("T")


_BESIDE = 1
"""Drafts written here at once, beyond one for each thread of the embedding model.

Each takes the processor for as long as it is written. Forty at once would all end late, and pages would wait for them.
"""


_LONG_TEXT = 6
"""How many times the time of an answer a text of the asker's own may take: a long one is read in many parts."""


class Lazy(Generic[T]):
    """A value that is made on its first use, once for all threads."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: list[T] = []
        self._lock = Lock()

    def __call__(self) -> T:
        """Return the value."""
        with self._lock:
            if not self._made:
                self._made.append(self._make())
            return self._made[0]


def build_drafter(
    settings: Settings,
    lease: "QuotaLease",
    search: Search,
    lookup: DocumentLookup,
    embed: "Callable[[], RememberedVectors]",
) -> Drafter:
    """Return the drafter, which writes with the endpoint of the settings, or with the embedded model if there is none.

    Models are built for the first draft. Only drafts of an endpoint count towards a person's quota.
    """
    drafters = Lazy(partial(_build_drafters, settings, search, lookup, embed, build_office(settings)))

    turns = BoundedSemaphore(settings.threads + _BESIDE)

    def drafter_for(commission: Commission) -> Drafter:
        from_guidance, from_own_texts = drafters()
        return from_own_texts if commission.task else from_guidance

    def draft(request: DraftRequest, watch: OnText) -> Draft:
        drafter = drafter_for(request.commission)
        if not settings.model.base_url:
            # A text of the asker's own may take minutes, so it does not hold up the questions of others.
            with nullcontext() if request.commission.task else turns:
                return drafter(request, watch)
        from humphrey.llm.usage import write_metered

        return write_metered(lease, request.commission.asked_by, lambda: drafter(request, watch))

    return draft


def _build_drafters(
    settings: Settings,
    search: Search,
    lookup: DocumentLookup,
    embed: "Callable[[], RememberedVectors]",
    office: Office,
) -> tuple[Drafter, Drafter]:
    """Return the drafter that writes from guidance, and the one that writes from the asker's own texts."""
    from humphrey.drafting.agent.drafter import AgentDrafter

    model, name = build_model(settings, embed)
    passages = settings.passages_per_answer
    bounds = build_bounds(settings)
    agent = AgentDrafter(
        model, name, search, lookup, passages_per_answer=passages, today=today, office=office, bounds=bounds
    )
    writer = model if settings.model.base_url else None
    return agent, build_own_texts(lookup, embed, writer, name, replace(bounds, seconds=bounds.seconds * _LONG_TEXT))


def build_own_texts(
    lookup: DocumentLookup,
    embed: "Callable[[], RememberedVectors]",
    model: "FailoverChatModel | ExtractiveModel | None",
    name: ModelName,
    bounds: "Bounds | None" = None,
) -> Drafter:
    """Return the drafter for the asker's own texts; without a model it works by rule."""
    from humphrey.drafting.own_texts.drafter import OwnTextsDrafter
    from humphrey.drafting.own_texts.in_parts import PartWriter
    from humphrey.llm.bounds import Bounds

    return OwnTextsDrafter(lookup, embed(), (PartWriter(model), name) if model else None, bounds or Bounds())


def build_reviser(
    settings: Settings, lease: "QuotaLease", lookup: DocumentLookup, embed: "Callable[[], RememberedVectors]"
) -> Reviser:
    """Return the reviser: the model at an endpoint, or rules if there is no endpoint."""
    if not settings.model.base_url:
        return revise_by_rule

    def make() -> Reviser:
        from humphrey.drafting.revision.by_model import ModelReviser

        return ModelReviser(*build_model(settings, embed), lookup, build_bounds(settings))

    reviser = Lazy(make)

    def revise(revision: Revision, paper: Paper, watch: OnText) -> Draft:
        from humphrey.llm.usage import write_metered

        return write_metered(lease, revision.by, lambda: reviser()(revision, paper, watch))

    return revise


def build_bounds(settings: Settings) -> "Bounds":
    """Return what one draft may use."""
    from humphrey.llm.bounds import Bounds

    return Bounds(settings.limits.seconds_per_draft, settings.limits.tokens_per_draft)


def build_office(settings: Settings) -> Office:
    """Return the calendar of the department: its bank holidays, and the sitting days if they are set."""
    from humphrey.calculations.sitting_days import sitting_days

    sitting = sitting_days(settings.sitting_days) if settings.sitting_days else frozenset()
    return Office(settings.division, sitting)


def build_model(
    settings: Settings, embed: "Callable[[], RememberedVectors]"
) -> "tuple[FailoverChatModel | ExtractiveModel, ModelName]":
    """Return the model that writes and its name in drafts: the endpoints of the settings, or the embedded model."""
    if not settings.model.base_url:
        from humphrey.drafting.extractive.language_model import NAME, ExtractiveModel

        return ExtractiveModel(embed=embed()), NAME
    from humphrey.llm.failover import build_chat_model

    return build_chat_model(*endpoints(settings)), ModelName("openai-compatible", settings.model.name)


def endpoints(settings: Settings) -> "list[EndpointSettings]":
    """Return the endpoints of the settings, the preferred one first."""
    from humphrey.llm.endpoint import EndpointSettings

    by_setting = {"HUMPHREY_MODEL": settings.model, "HUMPHREY_FALLBACK_MODEL": settings.fallback_model}
    return [
        EndpointSettings(
            **model.model_dump(exclude={"api_key", "tools"}),
            api_key=model.api_key.get_secret_value(),
            tools=model.tools == "auto",
            setting=setting,
        )
        for setting, model in by_setting.items()
        if model.base_url
    ]


def build_quotas(settings: Settings, database: Database) -> "QuotaLease":
    """Return the lease on the endpoints; drafts and revisions count alike."""
    limits = settings.limits.model_dump(exclude={"seconds_per_draft", "tokens_per_draft"})
    return Quotas(database, QuotaLimits(**limits), today).lease


def confidence_features_by(
    embed: "RememberedVectors",
) -> "Callable[[str, Sequence[NumberedPassage]], ConfidenceFeatures | None]":
    """Return a function that gives the confidence features of a question and its passages, for evaluations."""
    from humphrey.drafting.extractive.selection import SentenceSelector
    from humphrey.drafting.questions.in_full import in_full
    from humphrey.search.queries import shortened

    choose = SentenceSelector(embed)

    def features(question: str, passages: "Sequence[NumberedPassage]") -> "ConfidenceFeatures | None":
        full = in_full(question, ())
        return choose(shortened(full.official or full.asked), full.asked, passages).signs

    return features


def keyword_ranking(texts: Sequence[str]) -> Callable[[str, int], Mapping[int, float]]:
    """Return the keyword ranking of some texts, for evaluations: scores by position, best first."""
    from humphrey.search.keyword_ranking import WordCounts, rank

    words = WordCounts.of(texts)
    return lambda query, limit: rank([words], query, limit)[0]
