"""The home page: what needs the person now, in sections by what their roles let them do."""
