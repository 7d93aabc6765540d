"""From paths to a result: check, explain, diff; does not know any output format."""
