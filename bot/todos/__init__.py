"""To-dos: who owes what by when, wherever it came from."""
