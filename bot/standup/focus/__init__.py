"""Questions that others push down into the next standup of some people, and what these answered."""
