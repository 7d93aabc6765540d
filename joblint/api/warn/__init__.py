"""The warnings that the API server sends with an object that it accepts."""
