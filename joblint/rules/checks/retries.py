"""Retries: what is tried again, how often, and what is lost with each try."""
