"""The parts of the page that `jobs-explain --format html` writes: its style, its script, the manifest, each Job."""
