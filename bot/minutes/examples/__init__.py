"""Calls that a team learns from: published with their owner's yes, names, customers and numbers replaced."""
