"""Integration tests of the room ``webui``."""
