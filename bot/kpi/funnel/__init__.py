"""How deals leave the stages of the funnel, week by week: the streams that alerts are about."""
