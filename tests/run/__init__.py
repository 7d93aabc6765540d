"""From paths to a result."""
