"""A key that JSON cannot have; imports nothing.

It has its own module because a subclass of str cannot be compiled into a wheel, and what uses it can.
"""

from __future__ import annotations


class BadKey(str):
    """A key that JSON cannot have (null): an error unless the mapping it is in is dropped."""

    __slots__ = ()
