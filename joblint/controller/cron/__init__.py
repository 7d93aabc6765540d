"""Schedules and the CronJob controller."""
