"""Talking to models on any server that speaks OpenAI's protocol. The one home of the openai library."""
