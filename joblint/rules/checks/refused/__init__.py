"""What the API server rejects, explained with the manifest at hand."""
