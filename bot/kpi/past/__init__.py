"""What measures were in the weeks that have closed, kept so that it is worked out once."""
