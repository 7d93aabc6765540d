"""Findings on what the API server refuses, and what was meant."""
