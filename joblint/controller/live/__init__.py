"""Where a Job or CronJob of a cluster is now and what comes next, derived from its objects; does not know any output."""
