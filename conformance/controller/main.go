//go:build played

// Reads cases as JSON lines, prints what the Job controller made of each.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"k8s.io/klog/v2"

	"joblint/conformance/job"
)

func main() {
	flags := flag.NewFlagSet("klog", flag.ContinueOnError)
	klog.InitFlags(flags)
	flags.Set("logtostderr", "false")
	flags.Set("stderrthreshold", "FATAL")
	klog.SetOutput(io.Discard)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<26)
	for lines.Scan() {
		var c job.Case
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			fmt.Printf("{\"error\":%q}\n", err.Error())
			continue
		}
		answer, _ := json.Marshal(job.RunCase(&c))
		fmt.Println(string(answer))
	}
}
