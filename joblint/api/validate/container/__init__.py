"""Validation of containers and what they hold."""
