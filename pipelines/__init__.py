"""Pipelines for Open WebUI."""
