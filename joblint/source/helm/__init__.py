"""Helm's template language, evaluated without helm: a port of the parts of text/template, sprig and helm that charts use."""
