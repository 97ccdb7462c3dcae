"""Where an import meets what was changed in chat."""
