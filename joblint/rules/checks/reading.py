"""What YAML makes of what was written: readable, taken, and not what was meant."""
