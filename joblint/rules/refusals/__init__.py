"""Findings on what the API server rejects, and what was probably meant."""
