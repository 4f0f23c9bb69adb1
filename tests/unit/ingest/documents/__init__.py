"""Documents of all formats."""
