"""Baselines: the numbers as they were at one moment, which later ones are shown against."""
