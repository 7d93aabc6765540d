"""Reading YAML exactly as kubectl does; knows nothing of Kubernetes types."""
