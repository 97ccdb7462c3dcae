"""How rows that were put aside become those that count: all of them at one moment, however many there are."""
