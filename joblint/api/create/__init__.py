"""The steps of a create request: kubectl's checks, decoding, defaults, preparation, validation."""
