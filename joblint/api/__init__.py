"""The API server's answer to a manifest; knows nothing of positions, rules or output."""
