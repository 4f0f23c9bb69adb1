"""Paper Finder: a self-hosted research assistant over a library of papers."""
