"""What `kubectl apply` sends for a live object, and the API server's response to the update."""
