"""The results of a simulation, in numbers for rules and explanations."""
