"""What is kept of each object for the rules over all files of a run: Jobs and what they need, and the objects around them."""
