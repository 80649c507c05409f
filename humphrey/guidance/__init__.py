"""The guidance that is held: library, ingestion, curation and uploads."""
