"""Where a key or a value is in a text: trees, spans, field paths; knows no YAML types."""
