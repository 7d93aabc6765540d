"""What may go wrong around joblint, and in it: each fault is told, and the rest goes on."""
