"""How deals stand: in which stage since when, last touched when; and how long others took."""
