"""Holds joblint's reading of YAML against kubectl's own decoder; needs Go."""
