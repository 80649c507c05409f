"""How faithfully Word files are read, against the publisher's own HTML of the same documents."""
