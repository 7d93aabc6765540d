"""Deadlines and TTL: which limit ends a Job, also against the time that its scripts take."""
