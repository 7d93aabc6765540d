"""The HTML page of `jobs-explain`."""
