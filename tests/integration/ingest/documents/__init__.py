"""Documents read in real processes."""
