// What joblint keeps of a version in tables: how Go declares the fields, what it shows of structs, and the feature gates.
package main

import (
	utilfeature "k8s.io/apiserver/pkg/util/feature"

	_ "k8s.io/kubernetes/pkg/features"
)

type tables struct {
	Declared declared            `json:"declared"`
	Internal map[string][]string `json:"internal"`
	Gates    map[string][]gate   `json:"gates"`
}

// gate is what a feature gate is from a version on.
type gate struct {
	Version string `json:"version"`
	On      bool   `json:"on"`
}

func allTables() tables {
	return tables{declaredFields(), internalTypes(), featureGates()}
}

func featureGates() map[string][]gate {
	found := map[string][]gate{}
	for name, specs := range utilfeature.DefaultMutableFeatureGate.GetAllVersioned() {
		for _, spec := range specs {
			found[string(name)] = append(found[string(name)], gate{spec.Version.String(), spec.Default})
		}
	}
	return found
}
