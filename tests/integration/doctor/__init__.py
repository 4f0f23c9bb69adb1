"""``paper-finder doctor`` against what is really there."""
