"""What each number means: one function a measure, all of them in `table.MEASURES`."""
