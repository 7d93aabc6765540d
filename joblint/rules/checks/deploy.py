"""Apply, Helm and GitOps: what happens to a Job when it is applied again."""
