"""How long calls are kept, and that nothing of one is left when it is erased."""
