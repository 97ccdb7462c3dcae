"""From what was said on a call to what was agreed: transcripts in, minutes and to-dos out."""
