"""Output formats, a module a format; knows findings, not how they came about."""
