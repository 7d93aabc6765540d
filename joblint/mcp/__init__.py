"""Tools for assistants that write manifests, over the Model Context Protocol; needs the extra `mcp`."""
