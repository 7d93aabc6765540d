"""Reading YAML exactly as kubectl does; knows nothing of Kubernetes types.

`documents.read` is the way in. Behind it: `stream` parts a file into documents, `load` reads one of them (events from
`libyaml`, `goyaml` or `jsontext`, made to data by `compose` with the meaning of `scalars`), and, only when asked for,
`located` works out places (`tree`, `spans`, `paths`) and words for what is wrong (`messages`, `causes`). `templates` and
`kustomize` know what is not a manifest yet.
"""
