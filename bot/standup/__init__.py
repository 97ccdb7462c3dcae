"""The daily standup: who is asked when, what they answer, what the team sees of it."""
