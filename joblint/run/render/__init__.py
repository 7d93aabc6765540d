"""Charts and overlays rendered by their own programs, with findings reported at the lines of the sources."""
