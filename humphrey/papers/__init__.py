"""Papers: the kinds that can be commissioned, and the values of a commission and a draft. No draft is written here."""
