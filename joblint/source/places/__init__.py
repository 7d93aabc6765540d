"""Where a key or a value is in a text: trees, spans, field paths; does not know any YAML types."""
