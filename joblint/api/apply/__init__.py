"""What `kubectl apply` sends over a live object, and what the API server says of the update."""
