"""The guidance: library, ingestion, curation and uploads."""
