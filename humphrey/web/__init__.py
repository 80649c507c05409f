"""The browser: sign-in, pages and health, all of them in front of the same desk."""
