"""Defaulting (being written)."""

from __future__ import annotations


def set_defaults(obj, gates):
    return None
