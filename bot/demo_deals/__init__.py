"""CRM folders that nobody's customers stand in: the same seed, the same rows, from a demo's few to millions."""
