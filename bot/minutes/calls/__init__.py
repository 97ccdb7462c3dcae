"""Calls that somebody sent a transcript of: from reading through a draft to minutes that were posted."""
