"""The web application: sign-in, the pages, the JSON routes and the health routes."""
