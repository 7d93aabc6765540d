"""A project's settings: where they are written, which are valid, and their values; knows nothing about rules or manifests."""
