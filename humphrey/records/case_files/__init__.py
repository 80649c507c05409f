"""Case files: all that is known of one review, verifiable without humphrey."""
