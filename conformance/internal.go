// The fields of the API server's internal types below JobSpec, in their order: what it shows of a struct in an error.
//
// Internal types have no JSON names: they are paired here with those of the versioned types that hold the same values.
package main

import (
	"reflect"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/kubernetes/pkg/apis/batch"
)

var internalLeaves = map[reflect.Type]string{
	reflect.TypeFor[resource.Quantity]():  "quantity",
	reflect.TypeFor[intstr.IntOrString](): "intOrString",
	reflect.TypeFor[metav1.Time]():        "time",
	reflect.TypeFor[metav1.FieldsV1]():    "raw",
}

// printed maps the name of an internal type to its fields: "GoName jsonName kind", "?" before the kind if zero is left out.
type printed map[string][]string

func (p printed) kind(t, v reflect.Type) string {
	if leaf, ok := internalLeaves[t]; ok {
		return leaf
	}
	switch t.Kind() {
	case reflect.Pointer:
		return "*" + p.kind(t.Elem(), elem(v))
	case reflect.Slice:
		return "[]" + p.kind(t.Elem(), elem(v))
	case reflect.Map:
		return "{}" + p.kind(t.Elem(), elem(v))
	case reflect.Struct:
		if _, known := p[t.Name()]; !known {
			p[t.Name()] = nil
			p[t.Name()] = p.fields(t, tags(v))
		}
		return t.Name()
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "bool"
	}
	return "int"
}

func elem(v reflect.Type) reflect.Type {
	if v == nil || v.Kind() == reflect.Struct || v.Kind() == reflect.String {
		return v
	}
	return v.Elem()
}

type tag struct {
	name string
	of   reflect.Type
}

// tags are the JSON names of a versioned struct by the names of its Go fields, those of embedded structs among them.
func tags(v reflect.Type) map[string]tag {
	found := map[string]tag{}
	if v == nil {
		return found
	}
	for i := range v.NumField() {
		f := v.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			for n, t := range tags(f.Type) {
				found[n] = t
			}
			continue
		}
		found[f.Name] = tag{name, f.Type}
	}
	return found
}

func (p printed) fields(t reflect.Type, names map[string]tag) []string {
	lines := []string{}
	for i := range t.NumField() {
		f := t.Field(i)
		own, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if own == "-" || !f.IsExported() {
			continue
		}
		if f.Anonymous && own == "" {
			lines = append(lines, p.fields(f.Type, names)...)
			continue
		}
		shown, known := f.Name, names[f.Name]
		if own != "" {
			shown = own
		}
		if known.name == "" {
			// The versioned struct keeps this value elsewhere: the reader of this table sees to it.
			known = tag{strings.ToLower(f.Name[:1]) + f.Name[1:], nil}
			if own != "" {
				known.name = own
			}
		}
		k := p.kind(f.Type, known.of)
		if strings.Contains(options, "omitzero") || (strings.Contains(options, "omitempty") && f.Type.Kind() != reflect.Struct) {
			k = "?" + k
		}
		lines = append(lines, shown+" "+known.name+" "+k)
	}
	return lines
}

// internalTypes are the fields of the internal JobSpec and of all that it holds.
func internalTypes() map[string][]string {
	p := printed{}
	p.kind(reflect.TypeFor[batch.JobSpec](), reflect.TypeFor[batchv1.JobSpec]())
	return p
}
