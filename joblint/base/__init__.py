"""What every part may use; imports nothing of joblint but itself."""
