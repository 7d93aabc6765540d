"""The tokens of a YAML text and the characters that separate them; does not know what they mean together."""

from __future__ import annotations

import re

STREAM_START = 0
STREAM_END = 1
DIRECTIVE = 2
DOCUMENT_START = 3
DOCUMENT_END = 4
BLOCK_SEQUENCE_START = 5
BLOCK_MAPPING_START = 6
BLOCK_END = 7
FLOW_SEQUENCE_START = 8
FLOW_SEQUENCE_END = 9
FLOW_MAPPING_START = 10
FLOW_MAPPING_END = 11
BLOCK_ENTRY = 12
FLOW_ENTRY = 13
KEY = 14
VALUE = 15
ALIAS = 16
ANCHOR = 17
TAG = 18
SCALAR = 19

Token = tuple[int, int, int, str, str]
"""Kind, start and end (characters from the beginning of the text), a value and a second one:

a scalar's text and style; an alias' or anchor's name; a tag's handle and suffix; a directive's "YAML" and version,
or "TAG" and its handle and prefix with a space between them.
"""

BREAKS = "\r\n\x85\u2028\u2029"
END_OF_TEXT = "\0"
BLANKS = frozenset(" \t")
BREAKS_Z = frozenset(BREAKS + END_OF_TEXT)
BLANKS_Z = BREAKS_Z | BLANKS

FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""A character that YAML does not allow at all."""
