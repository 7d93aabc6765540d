"""The API server's response to a manifest; knows nothing of positions, rules or output."""
