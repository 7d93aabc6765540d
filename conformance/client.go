// What kubectl does with a file before the server sees it: splitting, YAML to JSON, its own checks.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/yaml"

	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/batch"
)

// served is the only version of the group batch that servers still offer, though their code knows an older one.
const served = "v1"

// part is one document of a file as kubectl reads it. Either err is set, or raw holds JSON.
type part struct {
	index      int // counts every document, empty ones too
	raw        []byte
	err        error
	duplicates []string // what a strict YAML reader would have said; the later key wins silently
}

// split reads documents until the end or the first one that cannot be read, as kubectl's stream visitor does.
// Empty documents are left out.
func split(file []byte) []part {
	texts := documentTexts(file)
	decoder := utilyaml.NewYAMLOrJSONDecoder(bytes.NewReader(file), 4096)
	var parts []part
	for index := 0; ; index++ {
		var ext runtime.RawExtension
		err := decoder.Decode(&ext)
		if err == io.EOF {
			return parts
		}
		if err != nil {
			return append(parts, part{index: index, err: err})
		}
		raw := bytes.TrimSpace(ext.Raw)
		if len(raw) == 0 || bytes.Equal(raw, []byte("null")) {
			continue
		}
		p := part{index: index, raw: raw}
		if index < len(texts) {
			p.duplicates = duplicateKeys(texts[index])
		}
		parts = append(parts, p)
	}
}

func duplicateKeys(text []byte) []string {
	if _, err := yaml.YAMLToJSON(text); err != nil { // kubectl reads it otherwise, as JSON or after white space
		return nil
	}
	if _, err := yaml.YAMLToJSONStrict(text); err != nil {
		return []string{err.Error()}
	}
	return nil
}

func documentTexts(file []byte) (texts [][]byte) {
	reader := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(file)))
	for {
		text, err := reader.Read()
		if err != nil {
			return texts
		}
		texts = append(texts, text)
	}
}

// listItems takes a v1 List apart as kubectl does.
func listItems(raw []byte) ([]json.RawMessage, bool) {
	var list struct {
		APIVersion string            `json:"apiVersion"`
		Kind       string            `json:"kind"`
		Items      []json.RawMessage `json:"items"`
	}
	if json.Unmarshal(raw, &list) != nil || list.APIVersion != "v1" || list.Kind != "List" {
		return nil, false
	}
	return list.Items, true
}

// header returns apiVersion and kind where they are non-empty strings.
func header(raw []byte) (apiVersion, kind *string) {
	var object map[string]any
	if json.Unmarshal(raw, &object) != nil {
		return nil, nil
	}
	text := func(key string) *string {
		if s, ok := object[key].(string); ok && s != "" {
			return &s
		}
		return nil
	}
	return text("apiVersion"), text("kind")
}

// prepare does kubectl's own checks and returns what it would send: the object with sorted keys.
func prepare(raw []byte) (*unstructured.Unstructured, []byte, error) {
	if err := checkHeader(raw); err != nil {
		return nil, nil, fmt.Errorf("error validating data: %w", err)
	}
	object, _, err := unstructured.UnstructuredJSONScheme.Decode(raw, nil, nil)
	if err != nil {
		return nil, nil, err
	}
	gvk := object.GetObjectKind().GroupVersionKind()
	if !legacyscheme.Scheme.Recognizes(gvk) || gvk.Group == batch.GroupName && gvk.Version != served {
		apiVersion, _ := header(raw)
		return nil, nil, fmt.Errorf("no matches for kind %q in version %q", gvk.Kind, ptr.Deref(apiVersion, ""))
	}
	single, ok := object.(*unstructured.Unstructured)
	if !ok {
		return nil, nil, errors.New("a list is judged item by item")
	}
	if single.GetNamespace() == "" { // also where it is no string
		single.SetNamespace(metav1.NamespaceDefault)
	}
	body, err := runtime.Encode(unstructured.UnstructuredJSONScheme, object)
	return single, body, err
}

func checkHeader(raw []byte) error {
	var object any
	if err := json.Unmarshal(raw, &object); err != nil {
		return err
	}
	fields, ok := object.(map[string]any)
	if !ok {
		return errors.New("invalid object to validate")
	}
	var found []error
	switch version := fields["apiVersion"].(type) {
	case nil:
		found = append(found, errors.New("apiVersion not set"))
	case string:
		if _, err := schema.ParseGroupVersion(version); err != nil {
			found = append(found, err)
		}
	default:
		found = append(found, errors.New("apiVersion isn't string type"))
	}
	switch fields["kind"].(type) {
	case nil:
		found = append(found, errors.New("kind not set"))
	case string:
	default:
		found = append(found, errors.New("kind isn't string type"))
	}
	return aggregate(found)
}
