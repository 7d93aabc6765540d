"""A project's settings: where they are written, what they may say, what they come to; knows no rules and no manifests."""
