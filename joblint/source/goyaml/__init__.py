"""go-yaml's own reading of YAML, in Python: for machines without libyaml, and the judge where libyaml reads otherwise."""
