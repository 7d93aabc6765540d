"""CronJobs: when they start, what they pile up or miss."""
