"""The version of joblint; imports nothing."""

VERSION = "0.1.0"
