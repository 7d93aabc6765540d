"""The Job, CronJob and TTL controllers as a deterministic model; knows nothing of YAML, rules or output."""
