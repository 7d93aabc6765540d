"""Validation of volumes and their sources."""
