"""What containers do and what people do meanwhile: the input of a simulation."""
