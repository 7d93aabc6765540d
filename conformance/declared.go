// How Go declares the fields of Job and CronJob: what the JSON Schemas do not say, but joblint's decoder needs.
package main

import (
	"encoding/json"
	"reflect"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
)

// declared maps a type's name in the JSON Schemas to its fields: "*" a pointer, "!" always written, "Embedded/" before it.
type declared map[string]map[string]string

func definition(t reflect.Type) string {
	p := t.PkgPath()
	p = strings.Replace(p, "k8s.io/apimachinery/", "io/k8s/apimachinery/", 1)
	p = strings.Replace(p, "k8s.io/api/", "io/k8s/api/", 1)
	return strings.ReplaceAll(p, "/", ".") + "." + t.Name()
}

var unmarshaler = reflect.TypeFor[json.Unmarshaler]()

func (d declared) add(t reflect.Type) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || reflect.PointerTo(t).Implements(unmarshaler) {
		return
	}
	name := definition(t)
	if _, ok := d[name]; ok {
		return
	}
	fields := map[string]string{}
	d[name] = fields
	d.collect(t, fields, "")
}

func (d declared) collect(t reflect.Type, fields map[string]string, embedded string) {
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		tag := strings.Split(f.Tag.Get("json"), ",")
		if f.Anonymous && tag[0] == "" {
			d.collect(f.Type, fields, embedded+f.Name+"/")
			continue
		}
		if tag[0] == "-" || !f.IsExported() {
			continue
		}
		always := true
		for _, o := range tag[1:] {
			k := f.Type.Kind()
			if o == "omitzero" || (o == "omitempty" && k != reflect.Struct) {
				always = false
			}
		}
		text := embedded + f.Type.String()
		if always {
			text += "!"
		}
		fields[tag[0]] = text
		d.add(f.Type)
	}
}

func declaredFields() declared {
	d := declared{}
	d.add(reflect.TypeFor[batchv1.Job]())
	d.add(reflect.TypeFor[batchv1.CronJob]())
	return d
}
