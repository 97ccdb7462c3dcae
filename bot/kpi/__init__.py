"""The numbers: what they are, what they usually are, and when one of them deserves an alert."""
