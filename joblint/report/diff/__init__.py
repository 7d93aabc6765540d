"""The output of `diff`."""
