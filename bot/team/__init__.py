"""People: who is on which team, in which zone, what they may do, when they work."""
