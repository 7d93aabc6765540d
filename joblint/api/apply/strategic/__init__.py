"""Strategic merge patches, as kubectl makes and the API server applies them; knows the compiled schema, no validation."""
