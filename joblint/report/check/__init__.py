"""One module a format of `check`."""
