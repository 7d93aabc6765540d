"""Containers and shell: what a command does, up to the end of its Pod."""
