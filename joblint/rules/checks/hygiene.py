"""Hygiene and security, kept to what matters for Jobs."""
