"""Rows on their way into the CRM picture: put aside, looked at as a whole, then taken over piece by piece."""
