"""What a Job or CronJob will do, in words and numbers: from a judged object to an explanation; does not know any output
format."""
