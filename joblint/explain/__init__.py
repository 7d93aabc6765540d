"""What a Job or CronJob will do, in words and numbers: from a validated object to an explanation; knows nothing about output
format.
"""
