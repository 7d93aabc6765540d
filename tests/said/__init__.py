"""Everything that joblint says of some hundred manifests, recorded."""
