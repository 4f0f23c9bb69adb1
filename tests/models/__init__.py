"""Models that tests make themselves."""
