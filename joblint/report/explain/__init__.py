"""One module a format of `jobs-explain`."""
