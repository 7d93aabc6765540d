"""Where a Job or CronJob of a cluster stands now and what comes next, derived from its objects; knows no output."""
