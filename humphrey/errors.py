"""The errors of humphrey, as one tree. Each message names the value and the next step, and may be shown to a person.

HumphreyError
  SettingsError        a setting is missing, unknown or out of range
  DocumentError        a document cannot be read or indexed; says why
    OtherReaders       its id belongs to a document for other readers
  SyncError            a page, or the list of sources, cannot be fetched or read
    Unreachable        the server of the pages does not answer
  GuidanceIndexError   the index is locked by another process, damaged, or of another embedding model
    IndexHeld          another process has locked the index
  IndexingStopped      a person stopped an indexing before its end
  StoreError           the database cannot be opened, read or written
    UnstorableText     the input holds what is not text, such as U+0000; no fault of the database
  CommissionError      a request is empty, too long or lacks a fact
  ModelError           the language model gave no reply, or no usable one
    ModelUnavailable   it cannot be reached, is busy or broke off; a later call may work
    WindowExceeded     the prompt is longer than its context window
    LimitReached       a quota of a person or of all people is used up
    BoundReached       one draft has used up its time, tokens or tool calls
  IdentityError        unknown name, wrong password, or disabled person
    WrongPassword      the name and password do not belong together
    TooManyTries       too many failed sign-ins; says how long to wait
    PasswordToChange   a signed-in person must first change the password that another person gave them
    IdentityProviderError         the identity provider does not identify the person, or cannot be asked
  ReviewError          an act on a review is refused
    NotPermitted       the person may not do it: own draft, wrong role
      NotIndependent   an author of the draft made or changed the reviewer's account lately
    NotOnRecord        what is stored is not what the ledger records and humphrey signed
    StaleDigest        the text decided on is not the stored text
    AlreadyDecided     another person decided first
    Claimed            another person has claimed the review
    Blocked            a blocking finding stands
    NotYetRead         a decision on a page before the claim, the passages or the findings were seen to
    Held               the moment before which an approved text does not leave has not come
    ApprovalExpired    the approval ran out before delivery
  RecordError          the record cannot be signed, published or checked; says why
  DeliveryError        an outlet could not take a release
    Undeliverable      the outlet will never take it; a person must look at it
"""


class HumphreyError(Exception):
    """An error that humphrey explains in one sentence."""


class SettingsError(HumphreyError):
    """A setting is missing, unknown or out of range."""


class DocumentError(HumphreyError):
    """A document cannot be read or indexed."""


class OtherReaders(DocumentError):
    """The id of a document belongs to one for other readers, so it was not stored."""


class SyncError(HumphreyError):
    """A page, or the list of sources, cannot be fetched or read."""


class Unreachable(SyncError):
    """The server of the pages does not answer."""


class GuidanceIndexError(HumphreyError):
    """The index is locked by another process, damaged, or of another embedding model."""


class IndexHeld(GuidanceIndexError):
    """Another process has locked the index."""


class IndexingStopped(HumphreyError):
    """A person stopped an indexing before its end; what was indexed stays."""


class StoreError(HumphreyError):
    """The database cannot be opened, read or written."""


class UnstorableText(StoreError):
    """The input holds a character that is not text, so that no database would hold it."""


class CommissionError(HumphreyError):
    """A request cannot be commissioned: it is empty, too long or lacks a fact."""


class ModelError(HumphreyError):
    """The language model gave no reply, or no usable one."""


class ModelUnavailable(ModelError):
    """The language model cannot be reached, is busy or broke off; a later call, or another model, may work.

    `wait_s` is the wait in seconds that the endpoint asked for; 0 if it named none. `slow` means that it exceeded its
    time limit, `begun` that part of the reply had arrived.
    """

    def __init__(self, message: str, *, wait_s: float = 0.0, slow: bool = False, begun: bool = False) -> None:
        super().__init__(message)
        self.wait_s = wait_s
        self.slow = slow
        self.begun = begun


class WindowExceeded(ModelError):
    """The prompt is longer than the context window of the language model."""


class LimitReached(ModelError):
    """A quota of the language model is used up; the message says until when."""


class BoundReached(ModelError):
    """A draft has used up its time, its tokens or its tool calls; another model would not be given more."""


class IdentityError(HumphreyError):
    """The name is unknown, the password is wrong, the person is disabled, or an account cannot be as it was given.

    `field` is the field of the account that is wrong, for a form; empty if it is none alone.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class WrongPassword(IdentityError):
    """The name and password do not belong together. `entered` says whether the ledger has an entry of it."""

    def __init__(self, message: str, *, entered: bool) -> None:
        super().__init__(message)
        self.entered = entered


class TooManyTries(IdentityError):
    """Signing in failed too often. `wait_s` is the wait until the next try, in seconds."""

    def __init__(self, message: str, wait_s: int) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class PasswordToChange(IdentityError):
    """A signed-in person must first change the password that another person gave them."""


class IdentityProviderError(IdentityError):
    """The identity provider does not identify a person. `why` is the reason word for the ledger."""

    def __init__(self, message: str, why: str) -> None:
        super().__init__(message)
        self.why = why


class ReviewError(HumphreyError):
    """An act on a review is refused."""


class NotPermitted(ReviewError):
    """The person may not do this."""


class NotOnRecord(ReviewError):
    """What is stored of a review is not what the ledger records and humphrey's key signed."""


class NotIndependent(NotPermitted):
    """A reviewer is not independent of a draft's authors, because one changed the account of the other lately."""


class StaleDigest(ReviewError):
    """The text decided on is not the stored text."""


class AlreadyDecided(ReviewError):
    """Another person decided first."""


class Claimed(ReviewError):
    """Another person has claimed the review; the message says who, and until when."""


class Blocked(ReviewError):
    """A blocking finding stands."""


class NotYetRead(ReviewError):
    """A decision on a page lacks a claim, an opened passage or an acknowledged finding; the message says which."""


class Held(ReviewError):
    """The moment before which an approved text does not leave has not come."""


class ApprovalExpired(ReviewError):
    """The approval ran out before the text was delivered."""


class RecordError(HumphreyError):
    """The record cannot be signed, published or checked."""


class DeliveryError(HumphreyError):
    """An outlet could not take a release."""


class Undeliverable(DeliveryError):
    """An outlet will never take a release; another attempt would not help."""
