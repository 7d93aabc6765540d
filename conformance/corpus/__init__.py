"""Manifests to try on the API server and on joblint: valid ones, and ones that go wrong in every field and form."""
