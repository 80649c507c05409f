"""Spot checks: drafts with a planted error, which show whether reviewers read. Such a draft never leaves."""
