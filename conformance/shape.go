// The shape of Job and CronJob, read off the Go types: what a generator of manifests needs to reach every field.
package main

import (
	"reflect"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// shapes maps a type's name to its fields; a field's type is "string", "int32", "[]PodSpec", "map[]string", "Quantity" …
type shapes map[string]map[string]string

var leaves = map[reflect.Type]string{
	reflect.TypeOf(resource.Quantity{}):  "Quantity",
	reflect.TypeOf(intstr.IntOrString{}): "IntOrString",
	reflect.TypeOf(metav1.Time{}):        "Time",
	reflect.TypeOf(metav1.MicroTime{}):   "Time",
	reflect.TypeOf(metav1.FieldsV1{}):    "FieldsV1",
}

func allShapes() shapes {
	s := shapes{}
	s.name(reflect.TypeOf(batchv1.Job{}))
	s.name(reflect.TypeOf(batchv1.CronJob{}))
	return s
}

func (s shapes) name(t reflect.Type) string {
	if leaf, ok := leaves[t]; ok {
		return leaf
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.name(t.Elem())
	case reflect.Slice:
		return "[]" + s.name(t.Elem())
	case reflect.Map:
		return "map[]" + s.name(t.Elem())
	case reflect.Struct:
		if _, known := s[t.Name()]; !known {
			fields := map[string]string{}
			s[t.Name()] = fields
			s.fill(fields, t)
		}
		return t.Name()
	case reflect.String:
		if t.PkgPath() != "" {
			return "string:" + t.Name() // most named strings are enumerations
		}
	}
	return t.Kind().String()
}

func (s shapes) fill(fields map[string]string, t reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && (name == "" || strings.Contains(options, "inline")):
			s.fill(fields, f.Type)
		case name != "" && name != "-":
			fields[name] = s.name(f.Type)
		}
	}
}
