"""Deadlines and TTL: which limit ends a Job, and what is left afterwards."""
