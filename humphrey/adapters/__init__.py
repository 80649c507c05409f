"""One framework a file, each behind a protocol of the core; only `humphrey.app` imports from here."""
