"""Read the parts of e-mails."""
