"""Completions: how many Pods must succeed, and which part of the work each of them does."""
