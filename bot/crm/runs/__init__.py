"""How the runs of a source went that Paceline itself goes and asks."""
