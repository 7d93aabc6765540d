// Marks the module root only; each Kubernetes version has its requirements in versions/<version>/go.mod.
module joblint/conformance

go 1.24.0
