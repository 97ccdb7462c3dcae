"""Blockers: what stops a deal or a person. A thing with an owner and an age, not a line of text."""
