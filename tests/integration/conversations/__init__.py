"""Scripted dialogues."""
