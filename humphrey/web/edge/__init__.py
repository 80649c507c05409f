"""What stands before every route: proxies, connections, text that can be stored, and the calls of the pages.

Nothing here knows a page or a person's work; it decides only what is let through to the routes.
"""
