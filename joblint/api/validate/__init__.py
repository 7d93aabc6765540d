"""Create validation, laid out as in the API server; each module adds errors in the server's order."""
