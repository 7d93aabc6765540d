"""What a simulation comes to, in numbers for rules and explanations."""
