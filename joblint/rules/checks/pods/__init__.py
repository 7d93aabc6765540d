"""Pods that are never created or never start: the Job is accepted, waits, and does not fail by itself."""
