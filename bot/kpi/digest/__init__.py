"""KPI digests: who is told what when, which of the numbers stray, and where along the journey deals are lost."""
