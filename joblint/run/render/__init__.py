"""Charts and overlays rendered by their own programs, and what is found told where it was written."""
