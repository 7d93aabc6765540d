"""Findings that are ignored: comments and annotations of manifests, overrides of configurations; no output."""
