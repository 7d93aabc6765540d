// The verdict on `kubectl apply` of one manifest over the live object made from another.
package main

import (
	"encoding/json"
	"fmt"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"k8s.io/apiserver/pkg/registry/rest"

	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/batch"

	batchv1 "k8s.io/api/batch/v1"
)

type applied struct {
	Unchanged     bool         `json:"unchanged"`
	Accepted      bool         `json:"accepted"`
	Patch         string       `json:"patch,omitempty"`
	Strict        []string     `json:"strict,omitempty"` // kubectl's default asks the server to refuse these, too
	Errors        []fieldError `json:"errors,omitempty"`
	StatusMessage string       `json:"status_message,omitempty"`
	Warnings      []string     `json:"warnings,omitempty"`
	Panic         bool         `json:"panic,omitempty"`
	OldRefused    bool         `json:"old_refused,omitempty"` // there is no live object to apply to

	SentOld json.RawMessage `json:"sent_old,omitempty"`
	SentNew json.RawMessage `json:"sent_new,omitempty"`
}

func apply(old, changed []byte, add more) (v applied) {
	defer func() {
		if r := recover(); r != nil {
			v.Accepted, v.Panic, v.StatusMessage = false, true, fmt.Sprint(r)
		}
	}()
	original, live, err := liveObject(old)
	if err != nil {
		return applied{OldRefused: true, StatusMessage: err.Error()}
	}
	modified, err := onlyDocument(changed)
	if err != nil {
		return applied{StatusMessage: err.Error()}
	}
	if add.sent {
		defer func() { v.SentOld, v.SentNew = original, modified }()
	}
	versioned, err := legacyscheme.Scheme.ConvertToVersion(live, batchv1.SchemeGroupVersion)
	if err != nil {
		return applied{StatusMessage: err.Error()}
	}
	current, err := json.Marshal(versioned)
	if err != nil {
		return applied{StatusMessage: err.Error()}
	}
	lookup, err := strategicpatch.NewPatchMetaFromStruct(versioned)
	if err != nil {
		return applied{StatusMessage: err.Error()}
	}
	// The annotation that holds the last applied manifest is left out: its own change is no change of the Job.
	patch, err := strategicpatch.CreateThreeWayMergePatch(original, modified, current, lookup, true)
	if err != nil {
		return applied{StatusMessage: err.Error()}
	}
	v.Patch = string(patch)
	if v.Patch == "{}" {
		v.Unchanged, v.Accepted = true, true
		return v
	}
	patched, err := strategicpatch.StrategicMergePatchUsingLookupPatchMeta(current, patch, lookup)
	if err != nil {
		v.StatusMessage = err.Error()
		return v
	}
	target, strict, err := decode(patched)
	if err != nil {
		v.StatusMessage = err.Error()
		return v
	}
	v.Strict = strict
	update(&v, target, live)
	return v
}

// liveObject is what the server would hold after `kubectl apply` of the old manifest, with the manifest as JSON.
func liveObject(old []byte) ([]byte, runtime.Object, error) {
	original, err := onlyDocument(old)
	if err != nil {
		return nil, nil, err
	}
	versioned, strict, err := decode(original)
	if err != nil {
		return nil, nil, err
	}
	if len(strict) > 0 {
		return nil, nil, fmt.Errorf("%v", strict)
	}
	fillNamespace(versioned)
	live, found, message, _ := create(versioned)
	if len(found) > 0 || message != "" {
		return nil, nil, fmt.Errorf("%v%s", found, message)
	}
	accessor, err := meta.Accessor(live)
	if err != nil {
		return nil, nil, err
	}
	accessor.SetResourceVersion("1")
	return original, live, nil
}

func onlyDocument(file []byte) ([]byte, error) {
	parts := split(file)
	if len(parts) == 0 {
		return nil, fmt.Errorf("no document")
	}
	if parts[0].err != nil {
		return nil, parts[0].err
	}
	_, body, err := prepare(parts[0].raw)
	return body, err
}

func update(v *applied, target, live runtime.Object) {
	object, err := legacyscheme.Scheme.ConvertToVersion(target, batch.SchemeGroupVersion)
	if err != nil {
		v.StatusMessage = err.Error()
		return
	}
	accessor, err := meta.Accessor(live)
	if err != nil {
		panic(err)
	}
	recorder := &recorder{}
	if changed, err := meta.Accessor(object); err == nil {
		changed.SetManagedFields(nil) // the server keeps its own record
		tellOwnersOnce(changed, recorder, "contains duplicate entries after mutating admission happens")
	}
	ctx := requestContext("patch", accessor.GetNamespace(), object, recorder)
	v.Errors, v.StatusMessage = explain(rest.BeforeUpdate(strategyFor(object), ctx, object, live))
	v.Accepted = len(v.Errors) == 0 && v.StatusMessage == ""
	if v.Accepted {
		v.Warnings = recorder.warnings
	}
}
