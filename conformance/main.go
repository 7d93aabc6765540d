// Asks the Kubernetes API server's own code what it thinks of Job and CronJob manifests.
//
// Standard input holds JSON lines: {"id", "yaml"} asks for the verdict on create, {"id", "old", "new"} for the verdict
// on `kubectl apply` of new over an object made from old. Standard output holds one JSON line for each: {"id",
// "documents"} or {"id", "verdict"}. With -defaulted, each decoded document carries the object after defaulting
// and as it would be stored.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"k8s.io/klog/v2"

	"k8s.io/kubernetes/pkg/capabilities"
)

type question struct {
	ID   string  `json:"id"`
	YAML *string `json:"yaml"`
	Old  *string `json:"old"`
	New  *string `json:"new"`
}

type answer struct {
	ID        string      `json:"id"`
	Documents *[]document `json:"documents,omitempty"`
	Verdict   *applied    `json:"verdict,omitempty"`
}

func main() {
	var add more
	flag.BoolVar(&add.defaulted, "defaulted", false, "add the object after defaulting, and as it would be stored, to each document that decodes")
	flag.BoolVar(&add.sent, "sent", false, "add the JSON that kubectl would send")
	shape := flag.Bool("shape", false, "print the types of Job and CronJob as JSON, and nothing else")
	tables := flag.Bool("tables", false, "print what joblint keeps in tables (see tables.go), and nothing else")
	flag.Parse()
	if *shape {
		encode(allShapes())
		return
	}
	if *tables {
		encode(allTables())
		return
	}
	silence()
	capabilities.Setup(true, 0) // kube-apiserver's own default is --allow-privileged=false; nearly every cluster sets it
	if err := run(os.Stdin, os.Stdout, add); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func encode(value any) {
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err)
	}
}

// silence keeps the server's own log off standard error.
func silence() {
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
}

func run(in io.Reader, out io.Writer, add more) error {
	lines := bufio.NewReaderSize(in, 1<<20)
	buffered := bufio.NewWriterSize(out, 1<<20)
	defer buffered.Flush()
	encoder := json.NewEncoder(buffered)
	encoder.SetEscapeHTML(false)
	for number := 1; ; number++ {
		line, err := lines.ReadBytes('\n')
		if len(line) > 1 {
			var q question
			if err := json.Unmarshal(line, &q); err != nil {
				return fmt.Errorf("line %d: %w", number, err)
			}
			a := answer{ID: q.ID}
			switch {
			case q.YAML != nil:
				documents := judge([]byte(*q.YAML), add)
				a.Documents = &documents
			case q.Old != nil && q.New != nil:
				verdict := apply([]byte(*q.Old), []byte(*q.New), add)
				a.Verdict = &verdict
			default:
				return fmt.Errorf("line %d: neither \"yaml\" nor \"old\" and \"new\"", number)
			}
			if err := encoder.Encode(a); err != nil {
				return err
			}
			if lines.Buffered() == 0 { // somebody may be waiting at the other end of a pipe
				if err := buffered.Flush(); err != nil {
					return err
				}
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
