"""Typed values of a server-side apply: who owns which field, what a merge makes; knows list kinds, no validation."""
