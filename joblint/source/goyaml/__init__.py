"""go-yaml's own reading of YAML, in Python: for machines without libyaml, and the reference if libyaml reads something else."""
