"""Whether a summary made of a text's own sentences says what the publisher's own summary says."""
