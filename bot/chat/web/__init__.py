"""The chat that needs no account anywhere: a page in the browser, with the people and channels of a real client.

`adapter` is the platform as the outbox sees it, `server` the page and what it calls, `live` how changes reach it.
"""
