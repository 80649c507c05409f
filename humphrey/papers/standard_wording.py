"""What humphrey says in its own name: sentences about an answer, or in place of one, which need no citation."""

from collections.abc import Mapping

DECIDES = "The guidance does not say yes or no to this case; these passages decide it."
"""Before the passages, where a question wants yes or no and the model can only quote."""


YES_OR_NO: Mapping[str, str] = {
    "yes": "Yes.",
    "yes, if": "Yes, where the conditions quoted here are met.",
    "no": "No.",
    "no, unless": "No, apart from the exceptions quoted here.",
}
"""Before the passages, where the first of them says yes or no to the question."""


NEAREST = "The guidance found may answer only part of this; these passages come nearest."
"""Before the passages, where they are near the question but may not settle it."""


UNFOUND = "Nothing was found on this part of the question: "
"""Before a part of a question that no passage is near."""


UNSAID = "No passage found speaks of: "
"""Before the names in a question that no passage has."""


UNSETTLED = "a passage that settles the question"
"""What is missing where no more can be said."""


NOT_FOUND = "The guidance held here does not answer this question."
"""Where the best passages do not answer."""


WITHOUT = "No passage has these words of the question: "
"""Before the words for which it does not."""


OTHERWISE = "The passages found share its words and are about something else."
"""Where every word of the question is in a passage."""


NOTHING = "Nothing was found to look at."
"""Where no passage shares a word with the question."""


MISSPELT = "Read as misspelt: "
"""Before the words of a question that were read as others."""


SHORTENED = "The question is long: its last questions, and the sentences that bear on them, were searched with."
"""Where a question is longer than what can be searched with."""


ASK_DIRECTORY = (
    "humphrey holds guidance, and no telephone numbers or addresses: look in your department's directory, or on the "
    "organisation's page on GOV.UK."
)


ASK_OFFICE_HOLDERS = (
    "humphrey holds guidance, and does not know who holds which post: look in your department's directory, or on the "
    "organisation's page on GOV.UK."
)


ASK_STATISTICS = (
    "humphrey holds guidance, and no figures about what happened: ask the team that keeps them or your department's "
    "statisticians, or look on GOV.UK under research and statistics."
)


LOOKED_AT = "The nearest guidance looked at was: "
"""Before the titles of what was searched."""


UNKNOWN = "No guidance held here has this, and humphrey cannot say that there is such a thing: "
"""Before an Act, a paragraph or a scheme that only the question names."""


UNWRITTEN = "humphrey only quotes here and cannot write it: "
"""Before a text to be written, such as an e-mail, where no model that writes is set up."""


UNASKED = "Only the last questions were looked at; ask this by itself: "
"""Before the first questions of a text with too many."""


UNCOMPUTED = "The date or figure could not be computed: "
"""Before the reason, where a computation was wanted that humphrey cannot do."""


LACKS = (UNFOUND, UNSAID, UNKNOWN, UNWRITTEN, UNASKED, UNCOMPUTED)
"""Those that name what an answer lacks."""


NO_ADVICE = "This is what the guidance says, and no legal advice; your legal advisers say how it applies to a case."
"""After an answer to whether something is lawful."""


EXTRACTED = "These are sentences of the text itself, chosen by rule from all of it; none is reworded."
"""Before a summary that was made without a model."""


BY_RULE = "This list was made by rule, which finds what is plainly said and may miss the rest."
"""Before the actions, people or dates of a text."""


NONE_FOUND = "Nothing of the kind was found in the text by rule; read it to be sure."
"""In place of such a list."""


REDRAFTED = "Only set phrases were made plainer and long sentences parted, by rule; the rest stands as it was written."
"""Before a text that was redrafted without a model."""


CHANGED = "What was changed: "
"""Before the list of the words replaced in a redraft."""


IN_PARTS = "The text is longer than the model takes at once, so it was read in parts: "
"""Before the number of parts that a model read a text in."""


UNREAD = "Not read, and so not in this: "
"""Before the parts of a text that could not be read."""


NOTICES = (
    *(DECIDES, NEAREST, *LACKS, NOT_FOUND, MISSPELT, SHORTENED, WITHOUT, OTHERWISE, NOTHING, LOOKED_AT, NO_ADVICE),
    *(ASK_DIRECTORY, ASK_OFFICE_HOLDERS, ASK_STATISTICS),
    *(EXTRACTED, BY_RULE, NONE_FOUND, REDRAFTED, CHANGED, IN_PARTS, UNREAD),
)
"""All that stand beside an answer, or a text of the asker's own."""


REPLIES: Mapping[str, str] = {
    "small_talk": (
        "Hello. Ask about a rule, a time limit or a procedure, and the answer comes with the passages it rests on. "
        "Or give the facts of a routine paper, and a draft comes back."
    ),
    "about_humphrey": (
        "humphrey is a computer program, not a person. It answers from the guidance held here, and ties each sentence "
        "to the passage it came from; dates are computed, and the working is shown. What it writes is a draft: a "
        "second person must clear the exact words before they leave. It can choose badly or find too little, so read "
        "the passages. Your questions and drafts are kept in your own conversations, and the record of acts holds none "
        "of your words."
    ),
    "legal_advice": (
        "humphrey gives no legal advice and cannot say how a case would end. Ask your department's legal advisers; for "
        "a matter of your own, ask a solicitor, a trade union or Citizens Advice. What the guidance says can be asked "
        "here: which procedure applies, or which time limit."
    ),
    "party_politics": (
        "humphrey takes no side between parties, and writes nothing for or against one, because the Civil Service is "
        "impartial. Ask for the facts of a policy instead, or for what the rules on impartiality and elections allow."
    ),
    "named_person": (
        "humphrey looks nobody up and judges nobody: it holds guidance, not records of people. Who holds which office "
        "is in your department's directory and on GOV.UK. About one person's work, pay or conduct, speak to the person "
        "who is responsible for it. To ask about the rules, leave the name out."
    ),
    "emergency": (
        "If anybody is in danger, call 999 now: humphrey can call nobody. In a government building, tell security or "
        "reception as well, and do as they say. For urgent medical advice, call NHS 111. If you or another person may "
        "be about to end their life, call 999, or Samaritans on 116 123 at any hour."
    ),
    "no_text": (
        "There is no text here to work on. Paste it after a colon or an empty line, or attach the file, and ask again. "
        "An answer above is a text too, once it is pasted."
    ),
}
"""What is said in place of an answer, by the kind of question; `no_text` where a text to work on was forgotten."""
