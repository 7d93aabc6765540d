"""Apply, Helm and GitOps."""
