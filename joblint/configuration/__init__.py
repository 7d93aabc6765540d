"""A project's settings; knows no rules and no manifests."""
