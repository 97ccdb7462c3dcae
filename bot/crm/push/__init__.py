"""Rows that a CRM pushes: signed, in small batches, each of them taken once."""
