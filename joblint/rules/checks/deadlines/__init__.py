"""Deadlines and TTL: which limit fails a Job, also compared with the time that its scripts take."""
