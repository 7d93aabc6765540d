"""Containers and shell: what a container does to the end of its Pod."""
