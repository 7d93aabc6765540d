"""CronJob: schedules, and runs against the period."""
