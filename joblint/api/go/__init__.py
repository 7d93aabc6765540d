"""Behavior of Go and its libraries that verdicts depend on: quantities, numbers, JSON, time zones, schedules."""
