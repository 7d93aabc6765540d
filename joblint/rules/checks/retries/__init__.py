"""Retries: limits that are never reached or come too soon, and the rules on failures."""
