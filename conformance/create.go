// The verdict on create: strict decoding, defaulting, the registry's strategy with its validation, warnings.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
	apiequality "k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	jsonserializer "k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/types"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/apiserver/pkg/storage/names"
	"k8s.io/apiserver/pkg/warning"

	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/batch"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	"k8s.io/kubernetes/pkg/registry/batch/cronjob"
	"k8s.io/kubernetes/pkg/registry/batch/job"
)

// The server's random parts, held still so that verdicts can be compared.
const (
	uid    = types.UID("11111111-2222-3333-4444-555555555555")
	suffix = "xxxxx"
)

const duplicateOwners = ".metadata.ownerReferences %s; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: %v"

type fieldError struct {
	Type   string `json:"type"`
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

type document struct {
	Doc           int             `json:"doc"`
	Item          *int            `json:"item,omitempty"` // which object of a List
	APIVersion    *string         `json:"apiVersion"`
	Kind          *string         `json:"kind"`
	Accepted      bool            `json:"accepted"`
	YAMLError     string          `json:"yaml_error,omitempty"`
	DecodeError   string          `json:"decode_error,omitempty"`
	SaidBy        string          `json:"said_by,omitempty"`
	Strict        []string        `json:"strict,omitempty"`
	Errors        []fieldError    `json:"errors,omitempty"`
	StatusMessage string          `json:"status_message,omitempty"` // a refusal that is no list of field errors
	Warnings      []string        `json:"warnings,omitempty"`
	Panic         bool            `json:"panic,omitempty"`
	DuplicateKeys []string        `json:"duplicate_keys,omitempty"`
	Sent          json.RawMessage `json:"sent,omitempty"`
	Defaulted     json.RawMessage `json:"defaulted,omitempty"` // decoded and defaulted
	Stored        json.RawMessage `json:"stored,omitempty"`    // and as create leaves it, with what the server generates or drops
}

var strictSerializer = jsonserializer.NewSerializerWithOptions(
	jsonserializer.DefaultMetaFactory, legacyscheme.Scheme, legacyscheme.Scheme, jsonserializer.SerializerOptions{Strict: true})

// more says what an answer holds beside the verdict.
type more struct{ defaulted, sent bool }

func judge(file []byte, add more) []document {
	documents := []document{}
	for _, p := range split(file) {
		items, isList := listItems(p.raw)
		if p.err != nil || !isList {
			documents = append(documents, judgePart(p, add))
			continue
		}
		for n, raw := range items {
			d := judgePart(part{index: p.index, raw: raw, duplicates: p.duplicates}, add)
			d.Item = &n
			documents = append(documents, d)
		}
	}
	return documents
}

func judgePart(p part, add more) (d document) {
	d.Doc = p.index
	d.DuplicateKeys = p.duplicates
	if p.err != nil {
		d.YAMLError = p.err.Error()
		return d
	}
	d.APIVersion, d.Kind = header(p.raw)
	_, body, err := prepare(p.raw)
	if err != nil {
		d.DecodeError, d.SaidBy = err.Error(), "kubectl"
		return d
	}
	if add.sent {
		d.Sent = body
	}
	versioned, strict, err := decode(body)
	if err != nil {
		d.DecodeError = err.Error()
		return d
	}
	d.Strict = strict
	if versioned.GetObjectKind().GroupVersionKind().Group != batch.GroupName {
		d.Accepted = len(strict) == 0 // other kinds are decoded only
		return d
	}
	defer func() {
		if recover() != nil {
			d.Accepted = false
			d.Panic = len(d.Strict) == 0 // a server refuses what is not strict before it comes to validation
		}
	}()
	fillNamespace(versioned)
	if add.defaulted {
		if object, err := internal(versioned.DeepCopyObject()); err == nil {
			d.Defaulted = versionedJSON(object)
		}
	}
	object, found, message, warnings := create(versioned)
	d.Errors, d.StatusMessage, d.Warnings = found, message, warnings
	if add.defaulted && object != nil {
		d.Stored = versionedJSON(object)
	}
	d.Accepted = len(d.Strict) == 0 && len(d.Errors) == 0 && d.StatusMessage == ""
	if !d.Accepted {
		d.Warnings = nil
	}
	return d
}

// decode returns the versioned, defaulted object and what a strict server finds beside it.
func decode(body []byte) (runtime.Object, []string, error) {
	object, _, err := strictSerializer.Decode(body, nil, nil)
	var strict []string
	if err != nil {
		strictErr, ok := runtime.AsStrictDecodingError(err)
		if !ok || object == nil {
			return nil, nil, err
		}
		for _, e := range strictErr.Errors() {
			strict = append(strict, e.Error())
		}
	}
	legacyscheme.Scheme.Default(object)
	return object, strict, nil
}

// fillNamespace puts the object where kubectl would send it, as the request's path says it to the server.
func fillNamespace(object runtime.Object) {
	accessor, err := meta.Accessor(object)
	if err != nil {
		panic(err)
	}
	if accessor.GetNamespace() == "" {
		accessor.SetNamespace(metav1.NamespaceDefault)
	}
}

// versionedJSON is a server's own object as it would send it.
func versionedJSON(object runtime.Object) json.RawMessage {
	versioned, err := legacyscheme.Scheme.ConvertToVersion(object, batchv1.SchemeGroupVersion)
	if err != nil {
		return nil
	}
	text, err := json.Marshal(versioned)
	if err != nil {
		return nil
	}
	return text
}

func internal(versioned runtime.Object) (runtime.Object, error) {
	// As the server's codec does: without a copy, so that labels taken from the template stay the same map.
	return legacyscheme.Scheme.UnsafeConvertToVersion(versioned, schema.GroupVersion{Group: batch.GroupName, Version: runtime.APIVersionInternal})
}

type strategy interface {
	rest.RESTCreateStrategy
	rest.RESTUpdateStrategy
}

func strategyFor(object runtime.Object) strategy {
	switch object.(type) {
	case *batch.Job:
		return job.Strategy
	case *batch.CronJob:
		return cronjob.Strategy
	}
	panic(fmt.Sprintf("no strategy for %T", object))
}

// create runs what the server does between decoding and storing. Admission plugins are no part of it.
func create(versioned runtime.Object) (created runtime.Object, found []fieldError, message string, warnings []string) {
	object, err := internal(versioned)
	if err != nil {
		return nil, nil, err.Error(), nil
	}
	accessor, err := meta.Accessor(object)
	if err != nil {
		panic(err)
	}
	rest.WipeObjectMetaSystemFields(accessor)
	accessor.SetManagedFields(nil) // the server keeps its own record
	rest.FillObjectMetaSystemFields(accessor)
	accessor.SetUID(uid)
	if base := accessor.GetGenerateName(); base != "" && accessor.GetName() == "" {
		accessor.SetName(base[:min(len(base), names.MaxGeneratedNameLength)] + suffix)
	}
	recorder := &recorder{}
	tellOwnersOnce(accessor, recorder, "contains duplicate entries")
	ctx := requestContext("create", accessor.GetNamespace(), object, recorder)
	found, message = explain(rest.BeforeCreate(strategyFor(object), ctx, object))
	if version, err := strconv.ParseUint(accessor.GetResourceVersion(), 10, 64); err == nil && version != 0 && found == nil && message == "" {
		message = "resourceVersion should not be set on objects to be created" // said by the storage
	}
	return object, found, message, recorder.warnings
}

// tellOwnersOnce is what the server's handlers do before validation (k8s.io/apiserver pkg/endpoints/handlers/rest.go).
func tellOwnersOnce(accessor metav1.Object, recorder *recorder, what string) {
	var kept []metav1.OwnerReference
	var duplicates []string
	for _, reference := range accessor.GetOwnerReferences() {
		if slices.ContainsFunc(kept, func(r metav1.OwnerReference) bool { return apiequality.Semantic.DeepEqual(r, reference) }) {
			duplicates = append(duplicates, string(reference.UID))
		} else {
			kept = append(kept, reference)
		}
	}
	if len(duplicates) > 0 {
		accessor.SetOwnerReferences(kept)
		recorder.AddWarning("", fmt.Sprintf(duplicateOwners, what, strings.Join(duplicates, ", ")))
	}
}

func requestContext(verb, namespace string, object runtime.Object, recorder *recorder) context.Context {
	resource := "jobs"
	if _, ok := object.(*batch.CronJob); ok {
		resource = "cronjobs"
	}
	ctx := request.WithRequestInfo(request.WithNamespace(request.NewContext(), namespace), &request.RequestInfo{
		IsResourceRequest: true, Verb: verb, Namespace: namespace, Resource: resource,
		APIPrefix: "apis", APIGroup: batchv1.GroupName, APIVersion: batchv1.SchemeGroupVersion.Version,
	})
	return warning.WithWarningRecorder(ctx, recorder)
}

// explain takes a refusal apart: field errors in the server's order, or else its message.
func explain(err error) ([]fieldError, string) {
	if err == nil {
		return nil, ""
	}
	var status apierrors.APIStatus
	if !errors.As(err, &status) {
		return nil, err.Error()
	}
	details := status.Status().Details
	if details == nil || len(details.Causes) == 0 {
		return nil, err.Error()
	}
	var found []fieldError
	for _, cause := range details.Causes {
		found = append(found, fieldError{Type: string(cause.Type), Field: cause.Field, Detail: cause.Message})
	}
	return found, ""
}

type recorder struct{ warnings []string }

func (r *recorder) AddWarning(_, text string) { r.warnings = append(r.warnings, text) }

func aggregate(found []error) error { return utilerrors.NewAggregate(found) }
