"""One module for each format of `jobs-explain`."""
