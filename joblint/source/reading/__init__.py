"""From bytes to the JSON data that kubectl sends; knows YAML and JSON, no places in a text."""
