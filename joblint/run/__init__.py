"""From paths to a result: check, explain, diff; knows no output format."""
