//go:build played

// Plays the kubelet, the API server and the clock for the Job controller's own code: a copy of that package is built with
// this file in it. Everything happens in one thread, at the times asked for, so that the same case gives the same answer.

package job

import (
	"container/heap"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"sort"
	"strings"
	"sync"
	"time"

	batch "k8s.io/api/batch/v1"
	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/tools/record"
	"k8s.io/klog/v2"
	clocktesting "k8s.io/utils/clock/testing"
)

const never = int64(1) << 60

// handQueue has one waiting entry a key, of which the earlier time stays, as client-go's delaying queue has.
type handQueue struct {
	w       *player
	ready   []string
	waiting int64
}

func (q *handQueue) Add(k string) {
	if len(q.ready) == 0 {
		q.ready = append(q.ready, k)
	}
}
func (q *handQueue) Len() int                { return len(q.ready) }
func (q *handQueue) Get() (string, bool)     { k := q.ready[0]; q.ready = nil; return k, false }
func (q *handQueue) Done(string)             {}
func (q *handQueue) ShutDown()               {}
func (q *handQueue) ShutDownWithDrain()      {}
func (q *handQueue) ShuttingDown() bool      { return false }
func (q *handQueue) Forget(string)           {}
func (q *handQueue) NumRequeues(string) int  { return 0 }
func (q *handQueue) AddRateLimited(k string) { q.AddAfter(k, time.Second) }
func (q *handQueue) AddAfter(k string, d time.Duration) {
	if d <= 0 {
		q.Add(k)
		return
	}
	at := q.w.now + int64(math.Ceil(float64(d)/1e6))
	if at < q.waiting {
		q.waiting = at
	}
}

// ---- scenario
type script struct {
	When          map[string]int `json:"when"`
	Run           []*float64     `json:"run"`
	Exit          []int32        `json:"exit"`
	Pending       bool           `json:"pending"`
	Condition     string         `json:"condition"`
	Terminate     float64        `json:"terminate"`
	TerminateExit int32          `json:"terminate_exit"`
}
type action struct {
	At        float64         `json:"at"`
	Patch     json.RawMessage `json:"spec"` // the new spec, whole
	DeleteAll bool            `json:"delete_all"`
	DeleteN   *int            `json:"delete_n"`
	DeleteIx  *int            `json:"delete_index"`
}
type Case struct {
	Job     *batch.Job `json:"job"`
	Pods    []script   `json:"pods"`
	Actions []action   `json:"actions"`
	Until   float64    `json:"until"`
}
type PodMade struct {
	T     float64 `json:"t"`
	Index int     `json:"index"`
}
type Result struct {
	Conditions []string  `json:"conditions"`
	Succeeded  int32     `json:"succeeded"`
	Failed     int32     `json:"failed"`
	Completed  string    `json:"completed"`
	FailedIx   string    `json:"failedIx"`
	Pods       []PodMade `json:"pods"`
	EndsAt     float64   `json:"ends_at"`
	Error      string    `json:"error"`
	Active     int32     `json:"active"`
}

type event struct {
	at  int64
	seq int
	fn  func()
}
type events []event

func (h events) Len() int { return len(h) }
func (h events) Less(i, j int) bool {
	return h[i].at < h[j].at || (h[i].at == h[j].at && h[i].seq < h[j].seq)
}
func (h events) Swap(i, j int)       { h[i], h[j] = h[j], h[i] }
func (h *events) Push(x interface{}) { *h = append(*h, x.(event)) }
func (h *events) Pop() interface{}   { o := *h; x := o[len(o)-1]; *h = o[:len(o)-1]; return x }

type player struct {
	mu       sync.Mutex
	jm       *Controller
	clk      *clocktesting.FakeClock
	base     time.Time
	now      int64
	q        *handQueue
	ev       events
	seq      int
	informs  informers.SharedInformerFactory
	job      *batch.Job // in the API
	pods     map[string]*v1.Pod
	deliver  []func()
	n        int
	attempts map[int]int
	info     map[string]*podInfo
	c        *Case
	res      Result
	creating []*v1.Pod
	deleting []string
	log      klog.Logger
	gen      int64
	endsAt   int64
	ended    bool
}
type podInfo struct {
	n, index int
	s        *script
	runs     int
	delay    int64
	last     int64
	over     bool
	gone     bool
	killed   bool
}

func round[T any](in *T) *T {
	b, err := json.Marshal(in)
	if err != nil {
		panic(err)
	}
	out := new(T)
	if err := json.Unmarshal(b, out); err != nil {
		panic(err)
	}
	return out
}

func (w *player) push(at int64, fn func()) { w.seq++; heap.Push(&w.ev, event{at, w.seq, fn}) }
func (w *player) time() metav1.Time        { return metav1.NewTime(w.clk.Now()) }

func RunCase(c *Case) (res Result) {
	defer func() {
		if r := recover(); r != nil {
			res.Error = fmt.Sprint(r)
		}
	}()
	w := &player{c: c, pods: map[string]*v1.Pod{}, attempts: map[int]int{}, info: map[string]*podInfo{}}
	w.base = time.Date(2026, 11, 21, 9, 0, 0, 50*1000*1000, time.UTC)
	w.clk = clocktesting.NewFakeClock(w.base)
	ctx := context.Background()
	w.log = klog.FromContext(ctx)
	client := fake.NewSimpleClientset()
	w.informs = informers.NewSharedInformerFactory(client, 0)
	jm, err := newPlayed(ctx, client, w.clk, w.informs)
	if err != nil {
		panic(err)
	}
	w.jm = jm
	jm.queue.ShutDown()
	jm.orphanQueue.ShutDown()
	w.q = &handQueue{w: w, waiting: never}
	jm.queue = w.q
	jm.podControl = w
	rec := record.NewFakeRecorder(1)
	rec.Events = nil
	jm.recorder = rec
	jm.updateStatusHandler = w.updateStatus
	job := c.Job.DeepCopy()
	job.UID = types.UID("job-uid")
	job.Namespace = "default"
	job.CreationTimestamp = w.time()
	job.Generation = 1
	if job.Spec.Selector == nil {
		job.Spec.Selector = &metav1.LabelSelector{MatchLabels: map[string]string{"x": "y"}}
	}
	if job.Spec.Template.Labels == nil {
		job.Spec.Template.Labels = map[string]string{}
	}
	job.Spec.Template.Labels["x"] = "y"
	job = round(job)
	w.job = job
	w.informs.Batch().V1().Jobs().Informer().GetIndexer().Add(job)
	jm.addJob(w.log, job)
	sort.SliceStable(c.Actions, func(i, j int) bool { return c.Actions[i].At < c.Actions[j].At })
	until := int64(math.Round(c.Until * 1000))
	next := 0
	steps := 0
	w.drain(ctx)
	for {
		steps++
		if steps > 200000 {
			panic("too long")
		}
		actAt, evAt := never, never
		if next < len(c.Actions) {
			actAt = int64(math.Round(c.Actions[next].At * 1000))
		}
		if len(w.ev) > 0 {
			evAt = w.ev[0].at
		}
		t := min(actAt, evAt, w.q.waiting)
		if t > until || t == never {
			break
		}
		w.now = t
		w.clk.SetTime(w.base.Add(time.Duration(t) * time.Millisecond))
		if evAt == t {
			e := heap.Pop(&w.ev).(event)
			e.fn()
			w.flush()
			w.drain(ctx)
		} else if w.q.waiting == t {
			w.q.waiting = never
			w.q.Add("default/" + job.Name)
			w.drain(ctx)
		} else {
			w.act(&c.Actions[next])
			next++
			w.flush()
			w.drain(ctx)
		}
	}
	st := w.job.Status
	for _, c := range st.Conditions {
		w.res.Conditions = append(w.res.Conditions, string(c.Type)+"="+string(c.Status)+"="+c.Reason)
		if c.Type == batch.JobComplete || c.Type == batch.JobFailed {
			w.res.EndsAt = float64(w.endsAt) / 1000
		}
	}
	w.res.Succeeded, w.res.Failed, w.res.Completed, w.res.Active = st.Succeeded, st.Failed, st.CompletedIndexes, st.Active
	if st.FailedIndexes != nil {
		w.res.FailedIx = *st.FailedIndexes
	}
	return w.res
}

func (w *player) drain(ctx context.Context) {
	for w.q.Len() > 0 {
		w.jm.processNextWorkItem(ctx)
		w.commit()
		w.flush()
	}
}

// commit gives the Pods made in a sync their numbers, lowest index first.
func (w *player) commit() {
	made := w.creating
	w.creating = nil
	sort.SliceStable(made, func(i, j int) bool {
		return getCompletionIndex(made[i].Annotations) < getCompletionIndex(made[j].Annotations)
	})
	for _, p := range made {
		p := p
		ix := getCompletionIndex(p.Annotations)
		in := &podInfo{n: w.n, index: ix}
		att := 0
		if ix >= 0 {
			att = w.attempts[ix]
			w.attempts[ix] = att + 1
		}
		in.s = w.script(in.n, ix, att)
		p.Name = fmt.Sprintf("p-%06d", in.n)
		p.UID = types.UID(p.Name)
		w.n++
		w.info[p.Name] = in
		w.res.Pods = append(w.res.Pods, PodMade{float64(w.now) / 1000, ix})
		p.CreationTimestamp = w.time()
		p.Status.Phase = v1.PodPending
		if !in.s.Pending {
			p.Spec.NodeName = "node"
		}
		p = round(p)
		w.pods[p.Name] = p
		w.deliver = append(w.deliver, func() {
			w.informs.Core().V1().Pods().Informer().GetIndexer().Add(p)
			w.jm.addPod(w.log, p)
		})
		if !in.s.Pending {
			name := p.Name
			w.push(w.now+300, func() { w.start(name) })
		}
	}
	sort.Strings(w.deleting)
	del := w.deleting
	w.deleting = nil
	for _, n := range del {
		w.deletePod(n)
	}
}

func (w *player) flush() {
	for len(w.deliver) > 0 {
		d := w.deliver
		w.deliver = nil
		for _, f := range d {
			f()
		}
	}
}

func (w *player) script(n, ix, att int) *script {
	for i := range w.c.Pods {
		s := &w.c.Pods[i]
		ok := true
		for k, v := range s.When {
			if k == "n" && v != n || k == "index" && v != ix || k == "attempt" && v != att {
				ok = false
			}
		}
		if ok {
			return s
		}
	}
	one := 1.0
	return &script{Run: []*float64{&one}, Exit: []int32{0}, Terminate: 0.3, TerminateExit: 143}
}

// setPod stores a changed Pod and tells the controller.
func (w *player) setPod(p *v1.Pod) {
	w.gen++
	p.ResourceVersion = fmt.Sprint(w.gen)
	p = round(p)
	old := w.pods[p.Name]
	w.pods[p.Name] = p
	w.deliver = append(w.deliver, func() {
		w.informs.Core().V1().Pods().Informer().GetIndexer().Update(p)
		w.jm.updatePod(w.log, old, p)
	})
}

func (w *player) ready(p *v1.Pod, on bool) {
	st := v1.ConditionFalse
	if on {
		st = v1.ConditionTrue
	}
	for i := range p.Status.Conditions {
		if p.Status.Conditions[i].Type == v1.PodReady {
			if p.Status.Conditions[i].Status != st {
				p.Status.Conditions[i].Status = st
				p.Status.Conditions[i].LastTransitionTime = w.time()
			}
			return
		}
	}
	p.Status.Conditions = append(p.Status.Conditions, v1.PodCondition{Type: v1.PodReady, Status: st, LastTransitionTime: w.time()})
}

func (w *player) start(name string) {
	in, p := w.info[name], w.pods[name]
	if p == nil || in.over || in.killed {
		return
	}
	p = p.DeepCopy()
	restart := in.runs > 0
	rc := int32(0)
	if restart {
		rc = p.Status.ContainerStatuses[0].RestartCount + 1
	}
	p.Status.Phase = v1.PodRunning
	p.Status.ContainerStatuses = []v1.ContainerStatus{{Name: "main", RestartCount: rc, Ready: true, State: v1.ContainerState{Running: &v1.ContainerStateRunning{StartedAt: w.time()}}}}
	w.ready(p, true)
	w.setPod(p)
	run := in.s.Run[min(in.runs, len(in.s.Run)-1)]
	k := in.runs
	in.runs++
	if run != nil {
		w.push(w.now+int64(math.Round(*run*1000)), func() { w.end(name, in.s.Exit[min(k, len(in.s.Exit)-1)]) })
	}
}

func (w *player) end(name string, code int32) {
	in, p := w.info[name], w.pods[name]
	if p == nil || in.over || in.killed {
		return
	}
	if code != 0 && p.Spec.RestartPolicy == v1.RestartPolicyOnFailure {
		p = p.DeepCopy()
		st := &p.Status.ContainerStatuses[0]
		st.State = v1.ContainerState{Waiting: &v1.ContainerStateWaiting{Reason: "CrashLoopBackOff"}}
		st.Ready = false
		w.ready(p, false)
		w.setPod(p)
		at := w.now
		if in.delay == 0 || w.now-in.last > 600000 {
			in.delay = 10000
		} else {
			at = w.now + in.delay
			in.delay = min(in.delay*2, 300000)
		}
		in.last = at
		w.push(at, func() { w.start(name) })
		return
	}
	w.finish(name, code)
}

func (w *player) finish(name string, code int32) {
	in := w.info[name]
	p := w.pods[name].DeepCopy()
	in.over = true
	p.Status.Phase = v1.PodSucceeded
	if code != 0 {
		p.Status.Phase = v1.PodFailed
	}
	rc := int32(0)
	if len(p.Status.ContainerStatuses) > 0 {
		rc = p.Status.ContainerStatuses[0].RestartCount
	}
	p.Status.ContainerStatuses = []v1.ContainerStatus{{Name: "main", RestartCount: rc, State: v1.ContainerState{Terminated: &v1.ContainerStateTerminated{ExitCode: code, FinishedAt: w.time()}}}}
	w.ready(p, false)
	if in.s.Condition != "" {
		p.Status.Conditions = append(p.Status.Conditions, v1.PodCondition{Type: v1.PodConditionType(in.s.Condition), Status: v1.ConditionTrue})
	}
	w.setPod(p)
	w.maybeGone(name)
}

func (w *player) maybeGone(name string) {
	in, p := w.info[name], w.pods[name]
	if p.DeletionTimestamp == nil || len(p.Finalizers) > 0 {
		return
	}
	if in.over {
		w.push(w.now+100, func() { w.gone(name) })
	} else if in.s.Pending {
		w.gone(name)
	}
}

func (w *player) gone(name string) {
	in, p := w.info[name], w.pods[name]
	if in.gone {
		return
	}
	in.gone = true
	delete(w.pods, name)
	w.deliver = append(w.deliver, func() {
		w.informs.Core().V1().Pods().Informer().GetIndexer().Delete(p)
		w.jm.deletePod(w.log, p, true)
	})
}

func (w *player) deletePod(name string) {
	in, p := w.info[name], w.pods[name]
	if p == nil || p.DeletionTimestamp != nil {
		return
	}
	p = p.DeepCopy()
	grace := int64(30)
	if in.s.Pending || in.over {
		grace = 0
	}
	t := metav1.NewTime(w.clk.Now().Add(time.Duration(grace) * time.Second))
	p.DeletionTimestamp = &t
	p.DeletionGracePeriodSeconds = &grace
	w.setPod(p)
	in.killed = true
	if !in.over && !in.s.Pending {
		stop := int64(math.Round(in.s.Terminate * 1000))
		if in.runs == 0 || (len(p.Status.ContainerStatuses) > 0 && p.Status.ContainerStatuses[0].State.Running == nil) {
			stop = 300
		}
		var last int32 = -1
		if in.runs > 0 && p.Status.ContainerStatuses[0].State.Running == nil {
			last = in.s.Exit[min(in.runs-1, len(in.s.Exit)-1)]
		}
		w.push(w.now+stop, func() {
			code := in.s.TerminateExit
			if in.runs == 0 {
				code = 137
			} else if last >= 0 {
				code = last
			}
			w.finish(name, code)
		})
	}
	w.maybeGone(name)
}

func (w *player) act(a *action) {
	if a.Patch != nil {
		var spec batch.JobSpec
		if err := json.Unmarshal(a.Patch, &spec); err != nil {
			panic(err)
		}
		spec.Selector = w.job.Spec.Selector
		spec.Template = w.job.Spec.Template
		j := w.job.DeepCopy()
		j.Spec = spec
		j.Generation++
		j = round(j)
		old := w.job
		w.job = j
		w.deliver = append(w.deliver, func() {
			w.informs.Batch().V1().Jobs().Informer().GetIndexer().Update(j)
			w.jm.updateJob(w.log, old, j)
		})
		return
	}
	names := []string{}
	for n := range w.pods {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		in := w.info[n]
		if a.DeleteAll || a.DeleteN != nil && *a.DeleteN == in.n || a.DeleteIx != nil && *a.DeleteIx == in.index {
			w.deletePod(n)
		}
	}
}

// ---- what the controller writes
func (w *player) updateStatus(ctx context.Context, job *batch.Job) (*batch.Job, error) {
	w.gen++
	j := job.DeepCopy()
	j.ResourceVersion = fmt.Sprint(w.gen)
	j = round(j)
	old := w.job
	w.job = j
	for _, c := range j.Status.Conditions {
		if (c.Type == batch.JobComplete || c.Type == batch.JobFailed) && !w.ended {
			w.endsAt = w.now
			w.ended = true
		}
	}
	w.deliver = append(w.deliver, func() {
		w.informs.Batch().V1().Jobs().Informer().GetIndexer().Update(j)
		w.jm.updateJob(w.log, old, j)
	})
	return j.DeepCopy(), nil
}

func (w *player) CreatePods(ctx context.Context, ns string, t *v1.PodTemplateSpec, o runtime.Object, ref *metav1.OwnerReference) error {
	return w.CreatePodsWithGenerateName(ctx, ns, t, o, ref, "")
}
func (w *player) CreatePodsWithGenerateName(ctx context.Context, ns string, t *v1.PodTemplateSpec, o runtime.Object, ref *metav1.OwnerReference, g string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := &v1.Pod{ObjectMeta: *t.ObjectMeta.DeepCopy(), Spec: *t.Spec.DeepCopy()}
	p.Namespace = ns
	p.OwnerReferences = []metav1.OwnerReference{*ref}
	w.creating = append(w.creating, p)
	return nil
}
func (w *player) DeletePod(ctx context.Context, ns, name string, o runtime.Object) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.deleting = append(w.deleting, name)
	return nil
}
func (w *player) PatchPod(ctx context.Context, ns, name string, data []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.pods[name]
	if p == nil {
		return nil
	}
	if strings.Contains(string(data), "deleteFromPrimitiveList") {
		p = p.DeepCopy()
		p.Finalizers = nil
		w.setPod(p)
		w.deliver = append(w.deliver, func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			if w.pods[name] != nil {
				w.maybeGone(name)
			}
		})
	}
	return nil
}
