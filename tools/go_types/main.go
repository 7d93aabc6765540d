// Prints how Go declares the fields of Job and CronJob: what the JSON Schemas do not say, but the decoder needs.
//
//	go mod tidy && go run . >../../schemas/go-types.json
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
)

var seen = map[string]map[string]string{}

func definition(t reflect.Type) string {
	p := t.PkgPath()
	p = strings.Replace(p, "k8s.io/apimachinery/", "io/k8s/apimachinery/", 1)
	p = strings.Replace(p, "k8s.io/api/", "io/k8s/api/", 1)
	return strings.ReplaceAll(p, "/", ".") + "." + t.Name()
}

var unmarshaler = reflect.TypeFor[json.Unmarshaler]()

func elem(t reflect.Type) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || reflect.PointerTo(t).Implements(unmarshaler) {
		return
	}
	name := definition(t)
	if _, ok := seen[name]; ok {
		return
	}
	fields := map[string]string{}
	seen[name] = fields
	collect(t, fields, "")
}

func collect(t reflect.Type, fields map[string]string, embedded string) {
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		tag := strings.Split(f.Tag.Get("json"), ",")
		if f.Anonymous && tag[0] == "" {
			collect(f.Type, fields, embedded+f.Name+"/")
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
		elem(f.Type)
	}
}

func main() {
	elem(reflect.TypeOf(batchv1.Job{}))
	elem(reflect.TypeOf(batchv1.CronJob{}))
	e := json.NewEncoder(os.Stdout)
	e.SetIndent("", " ")
	e.SetEscapeHTML(false)
	if err := e.Encode(seen); err != nil {
		panic(err)
	}
}
