"""Takes in a Kubernetes version: its Go module, schema and tables are written, what is left for a person is listed."""
