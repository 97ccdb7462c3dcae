"""For which deals a card's talk track was filled in, and which of these were won."""
