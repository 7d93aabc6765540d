// Asks robfig/cron what a schedule is and when it starts, and the CronJob controller which start is due.
//
// Each line of standard input is a JSON object with the field "schedule". With "after" (seconds since the epoch), "zone" and
// "count" the next starts are told, with "now", "last" and "deadline" what is due; otherwise what the schedule was read as.
// The line of standard output for it is a JSON object. The time zones are those of the environment's ZONEINFO.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"time"
	_ "time/tzdata"
	_ "unsafe"

	"github.com/robfig/cron/v3"
	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	_ "k8s.io/kubernetes/pkg/controller/cronjob"
	"k8s.io/kubernetes/pkg/util/parsers"
)

// The controller does not export these two; the empty file empty.s lets them be declared here without a body.

//go:linkname mostRecentScheduleTime k8s.io/kubernetes/pkg/controller/cronjob.mostRecentScheduleTime
func mostRecentScheduleTime(cj *batchv1.CronJob, now time.Time, schedule cron.Schedule, deadline bool) (time.Time, *time.Time, int, error)

//go:linkname nextScheduleTimeDuration k8s.io/kubernetes/pkg/controller/cronjob.nextScheduleTimeDuration
func nextScheduleTimeDuration(cj *batchv1.CronJob, now time.Time, schedule cron.Schedule) *time.Duration

type question struct {
	Schedule string   `json:"schedule"`
	Zone     string   `json:"zone"`
	After    *float64 `json:"after"`
	Count    int      `json:"count"`
	Now      *float64 `json:"now"`
	Last     float64  `json:"last"`
	Deadline *int64   `json:"deadline"`
}

type answer struct {
	Error  string   `json:"error,omitempty"`
	Masks  []uint64 `json:"masks,omitempty"`
	Every  int64    `json:"every,omitempty"`
	Next   []*int64 `json:"next,omitempty"`
	Latest *int64   `json:"latest,omitempty"`
	Missed int      `json:"missed,omitempty"`
	Look   float64  `json:"look,omitempty"`
}

func instant(seconds float64) time.Time {
	return time.UnixMilli(int64(seconds * 1000)).UTC()
}

func read(schedule cron.Schedule, a *answer) {
	switch s := schedule.(type) {
	case *cron.SpecSchedule:
		a.Masks = []uint64{s.Minute, s.Hour, s.Dom, s.Month, s.Dow}
	case cron.ConstantDelaySchedule:
		a.Every = int64(s.Delay / time.Second)
	}
}

// next stops at a start that is not later than the one before: the library does that for ever then.
func next(schedule cron.Schedule, q question, a *answer) {
	at := instant(*q.After)
	for len(a.Next) < q.Count {
		found := schedule.Next(at)
		if found.IsZero() {
			a.Next = append(a.Next, nil)
			return
		}
		if !found.After(at) {
			return
		}
		at = found
		seconds := at.Unix()
		a.Next = append(a.Next, &seconds)
	}
}

func due(schedule cron.Schedule, q question, a *answer) {
	now := instant(*q.Now)
	last := metav1.NewTime(instant(q.Last))
	cj := &batchv1.CronJob{}
	cj.Spec.StartingDeadlineSeconds = q.Deadline
	cj.Status.LastScheduleTime = &last
	_, latest, missed, err := mostRecentScheduleTime(cj, now, schedule, true)
	a.Missed = missed
	if err != nil {
		a.Error = err.Error()
	}
	if latest != nil {
		seconds := latest.Unix()
		a.Latest = &seconds
	}
	look := now.Add(*nextScheduleTimeDuration(cj, now, schedule))
	if look.Before(now) {
		look = now
	}
	a.Look = float64(look.UnixMilli()) / 1000
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for lines.Scan() {
		var q question
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		text := q.Schedule
		if q.Zone != "" {
			text = "TZ=" + q.Zone + " " + text
		}
		a := answer{}
		schedule, err := parsers.ParseCronScheduleWithPanicRecovery(text)
		switch {
		case err != nil:
			a.Error = err.Error()
		case q.After != nil:
			next(schedule, q, &a)
		case q.Now != nil:
			due(schedule, q, &a)
		default:
			read(schedule, &a)
		}
		if err := out.Encode(a); err != nil {
			os.Exit(1)
		}
	}
}
