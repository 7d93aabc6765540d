"""Fixes as changes of a manifest's text."""
