"""How values are put into words, for whatever says the same thing from more than one place.

A board is shown by the clock and brought up to date by an answer: jobs and handlers do not know each other, and both
find here the `Reply` that the value becomes. Nothing is decided in this room.
"""
