"""One import at a time."""
