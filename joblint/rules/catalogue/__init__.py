"""The list of rules: rule files, selection, a team's own rules; knows nothing about manifests."""
