"""What the containers of a Pod template run, for the checks; no texts."""
