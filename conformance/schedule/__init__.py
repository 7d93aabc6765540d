"""robfig/cron and the CronJob controller's own arithmetic, asked and compared with joblint's."""
