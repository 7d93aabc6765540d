"""Reading YAML exactly as kubectl does; knows nothing about Kubernetes types.

`documents.read` is the entry point. `stream` splits a file into documents, `load` reads one of them (events from `libyaml`,
`goyaml` or `jsontext`, turned into data by `compose` with the types of `scalars`), and, only on request, `located` computes
positions (`tree`, `spans`, `paths`) and explains errors (`messages`, `causes`). `templates` and `kustomize` recognize what is
not a manifest yet.
"""
