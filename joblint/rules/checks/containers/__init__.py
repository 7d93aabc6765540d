"""Containers and shell: what a command does, and to the end of its Pod."""
