"""Pages for people who would rather look than read, and the frame around the web chat: sign-in, guards, errors."""
