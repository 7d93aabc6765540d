"""Validation of a Pod template but for its containers and volumes."""
