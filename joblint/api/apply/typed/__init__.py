"""Typed values of a server-side apply: who owns which field, what a merge results in; knows list kinds, no validation."""
