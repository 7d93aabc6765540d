"""Validation of containers and their parts."""
