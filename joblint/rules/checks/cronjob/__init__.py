"""CronJob: schedules, and run times compared with the period."""
