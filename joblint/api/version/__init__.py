"""What a Kubernetes version is: its schema, feature gates, fields and wording, as data."""
