"""Findings that somebody does not want: comments and annotations of manifests, overrides of configurations; no output."""
