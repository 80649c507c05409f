"""Overviews: questions for the main findings of a document, and the sections in which a document gives them itself."""

import re

_FINDINGS = r"(?:findings?|results?|points?|messages?|conclusions?|recommendations?|facts|figures|outcomes?|takeaways?)"


_WANTED = re.compile(
    rf"\b(?:main|key|headline|principal|most important|overall|chief|top) (?:\w+ )?{_FINDINGS}\b|\bheadlines\b"
    r"|\bwhat (?:does|did|do) (?:the|this|that|my|our|these) (?:\w+ ){1,4}(?:say|find|conclude|show|recommend)\s*\?"
    r"|\b(?:overview|gist|upshot) of\b|\bin (?:brief|short|a nutshell)\b",
    re.IGNORECASE,
)


_GIVEN = re.compile(
    rf"(?:\d+(?:\.\d+)*\.?\s+)?(?:executive |management )?(?:summary\b|headlines?\b|highlights\b|overview\b|in brief\b"
    rf"|at a glance\b|conclusions?\b|(?:main|key|headline|principal|overall) (?:\w+ )?{_FINDINGS}\b|findings\b)",
    re.IGNORECASE,
)


def wants_overview(question: str) -> bool:
    """Return whether a question asks for the main findings or points of a document."""
    return bool(_WANTED.search(question))


def gives_overview(heading: str) -> bool:
    """Return whether a heading is that of a summary or of main findings."""
    return bool(_GIVEN.match(heading))


def overview_query(question: str) -> str:
    """Return a query that also finds the sections in which a document sums itself up."""
    return f"{question} Headlines, key findings, main points, executive summary, conclusions"
