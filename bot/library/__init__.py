"""The library: cards that say what to answer to an objection, the search over them, and the gaps they leave."""
