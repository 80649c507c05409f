"""What can go wrong, as one tree. Every message names the value and the next step, and is fit to show to a person.

HumphreyError
  SettingsError        a setting is missing, unknown or out of range
  DocumentError        a document cannot be taken in; says why
  SyncError            a page, or the list of sources, cannot be fetched or read
    Unreachable        the server that pages are fetched from does not answer
  GuidanceIndexError   the index is locked by another process, damaged, or made by another model
    IndexHeld          another process has it
  IndexingStopped      somebody stopped an indexing before its end
  StoreError           the database cannot be opened, read or written
  CommissionError      what was asked for cannot be commissioned (empty, too long, a missing fact)
  ModelError           the language model did not answer, or not usably
    ModelUnavailable   it cannot be reached, is busy or broke off; that may pass
    WindowExceeded     it was given more than it can read at once
    LimitReached       somebody has taken as much of it as they may for now
  IdentityError        nobody of that name, a wrong password, a disabled person
    TooManyTries       signing in failed too often, from there or under that name
    NotVouched         the identity provider does not say who that is, or cannot be asked
  ReviewError          an act on a review is refused
    NotPermitted       the person may not do that: own draft, wrong role
    StaleDigest        the text decided on is not the text that is stored
    AlreadyDecided     somebody else was first
    Claimed            somebody else has it before them
    Blocked            a blocking finding stands
    ApprovalExpired    the approval ran out before delivery
  RecordError          the record cannot be signed, published or checked; says why
  DeliveryError        an outlet could not take a release
    Undeliverable      it never will; somebody must look at it
"""


class HumphreyError(Exception):
    """Anything humphrey can explain in one sentence."""


class SettingsError(HumphreyError):
    """A setting is missing, unknown or out of range."""


class DocumentError(HumphreyError):
    """A document cannot be taken in."""


class SyncError(HumphreyError):
    """A page, or the list of sources, cannot be fetched or read."""


class Unreachable(SyncError):
    """The server that pages are fetched from does not answer."""


class GuidanceIndexError(HumphreyError):
    """The index is locked by another process, damaged, or made by another model."""


class IndexHeld(GuidanceIndexError):
    """Another process has the index."""


class IndexingStopped(HumphreyError):
    """Somebody stopped an indexing before its end; what was done stays."""


class StoreError(HumphreyError):
    """The database cannot be opened, read or written."""


class CommissionError(HumphreyError):
    """What was asked for cannot be commissioned."""


class ModelError(HumphreyError):
    """The language model did not answer, or not usably."""


class ModelUnavailable(ModelError):
    """The language model cannot be reached, is busy or broke off; the same may work in a while, or elsewhere.

    `wait_s` is how long it asked to be left alone, in seconds; 0 where it did not say. `slow`: it ran into its time
    limit. `begun`: words had arrived.
    """

    def __init__(self, message: str, *, wait_s: float = 0.0, slow: bool = False, begun: bool = False) -> None:
        super().__init__(message)
        self.wait_s = wait_s
        self.slow = slow
        self.begun = begun


class WindowExceeded(ModelError):
    """The language model was given more than it can read at once."""


class LimitReached(ModelError):
    """Somebody has taken as much of the language model as they may for now; the message says until when."""


class IdentityError(HumphreyError):
    """Nobody of that name, a wrong password, or a disabled person."""


class TooManyTries(IdentityError):
    """Signing in failed too often."""


class NotVouched(IdentityError):
    """The identity provider does not say who somebody is. `why` is a word for the record."""

    def __init__(self, message: str, why: str) -> None:
        super().__init__(message)
        self.why = why


class ReviewError(HumphreyError):
    """An act on a review is refused."""


class NotPermitted(ReviewError):
    """The person may not do that."""


class StaleDigest(ReviewError):
    """The text decided on is not the text that is stored."""


class AlreadyDecided(ReviewError):
    """Somebody else was first."""


class Claimed(ReviewError):
    """Somebody else has it before them; the message says who, and until when."""


class Blocked(ReviewError):
    """A blocking finding stands."""


class ApprovalExpired(ReviewError):
    """The approval ran out before the text was delivered."""


class RecordError(HumphreyError):
    """The record cannot be signed, published or checked."""


class DeliveryError(HumphreyError):
    """An outlet could not take a release."""


class Undeliverable(DeliveryError):
    """An outlet will never take a release; trying again would not help."""
