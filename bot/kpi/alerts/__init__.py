"""Alerts: numbers that stray with evidence, one message each, until it is over; and what people say of them."""
