"""Which rules there are: rule files, selection, a team's own rules; no manifests."""
