// Asks kubectl's own decoder what documents a text holds.
//
// Each line of standard input is a text in base64; the line of standard output for it is a JSON list with one entry for each
// document up to the first error: {"sent": the JSON that the decoder made} or {"error": what it said}.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/yaml"
)

type document struct {
	Sent  string `json:"sent,omitempty"`
	Error string `json:"error,omitempty"`
}

// documents reads a text as kubectl's resource builder does; a panic of the decoder is an error, too.
func documents(text []byte) (found []document) {
	found = []document{}
	defer func() {
		if reason := recover(); reason != nil {
			found = append(found, document{Error: fmt.Sprintf("panic: %v", reason)})
		}
	}()
	decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), 4096)
	for {
		object := runtime.RawExtension{}
		err := decoder.Decode(&object)
		if err == io.EOF {
			return found
		}
		if err != nil {
			return append(found, document{Error: err.Error()})
		}
		found = append(found, document{Sent: string(bytes.TrimSpace(object.Raw))})
	}
}

func main() {
	input := bufio.NewReader(os.Stdin)
	output := json.NewEncoder(os.Stdout)
	for {
		line, err := input.ReadString('\n')
		if line == "" && err != nil {
			return
		}
		text, err := base64.StdEncoding.DecodeString(strings.TrimSpace(line))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		if err := output.Encode(documents(text)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
}
