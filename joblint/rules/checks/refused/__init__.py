"""What the API server rejects, explained with the text of the manifest."""
