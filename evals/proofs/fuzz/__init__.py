"""What nobody would send: requests made up from the description of the JSON routes, to a real server on loopback."""
