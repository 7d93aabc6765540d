"""The current state of a Job or CronJob in a cluster and what comes next, derived from its objects; knows nothing about
output.
"""
