"""Output formats, one module each; knows findings, not how they were found."""
