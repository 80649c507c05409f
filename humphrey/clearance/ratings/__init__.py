"""Ratings of texts by reviewers: each sentence right, partly right or wrong, each citation good or not."""
