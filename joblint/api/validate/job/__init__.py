"""Validation of JobSpec and CronJobSpec."""
