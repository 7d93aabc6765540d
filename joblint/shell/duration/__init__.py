"""How long a script or a program runs, as far as its text shows."""
