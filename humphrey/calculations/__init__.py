"""Calculate working days, time limits and thresholds, with the working shown. Plain Python; nothing is estimated."""
