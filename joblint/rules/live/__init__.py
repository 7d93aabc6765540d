"""Findings on the objects of a cluster; knows live states, no files."""
