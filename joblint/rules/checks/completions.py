"""Completions and parallelism: how many Pods run, and what they share."""
