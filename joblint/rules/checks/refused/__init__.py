"""What the API server refuses, explained with the manifest at hand."""
