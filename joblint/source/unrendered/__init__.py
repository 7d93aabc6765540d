"""Files that are not manifests yet: templates, kustomize patches and resources."""
