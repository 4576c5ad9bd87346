package dynmod

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"moec.dev/moec/compiler/scenario"
)

// Stream is one stream, or many alike, through a chain of filters.
type Stream struct {
	Chain   []string // bundles, in the order of the filters; each configured before
	Request scenario.Request
	// Mode is "" or what befalls the stream: "early" (Envoy answers 400 before
	// any filter saw the request), "gone" (the client leaves after its headers),
	// "gone-at-once" (before), "again" (request_headers twice), "trailers" (both ways),
	// "upgrade" (both sides go on with something else after the answer),
	// "pester" (hooks of features that are not used), "no-memory" (for the
	// record), "echo" (a filter's own answer comes back to its response hooks, as
	// other hosts have it), "no-filter" and "no-config" (NULL in their place), "hold"
	// (the upstream does not answer before Release).
	Mode    string
	Times   int // 0 is once
	Workers int // threads that each do so; 0 is one
	// Virtual has the module's monotonic clock stand where Request.Clock says.
	Virtual bool
	// Trailers are the request's, if there are any.
	Trailers []scenario.Header
}

// clockStart is what the monotonic clock shows when a test begins.
const clockStart = int64(time.Hour)

// Report is what became of the last stream.
type Report struct {
	Outcome  scenario.Outcome
	Answered bool     // a response of any origin was made
	Details  string   // of a local reply
	Flags    []string // custom flags
	Trace    []string // "hook bundle answer", in order
	Wrong    []string // what the library must not have done, over all streams
	Log      []string
	Resident int // KiB of the host's memory afterwards
	counts   bool
}

// Called counts a hook of a bundle in the trace.
func (r Report) Called(hook, bundle string) (n int) {
	for _, line := range r.Trace {
		if strings.HasPrefix(line, hook+" "+bundle+" ") {
			n++
		}
	}
	return n
}

// Run runs streams to their end.
func (h *Host) Run(s Stream) (Report, error) {
	r := s.Request
	if r.Source == "" {
		r.Source = "192.0.2.1:40000"
	}
	if r.Upstream.Status == 0 {
		r.Upstream.Status = 200
	}
	var clock int64
	if !r.Now.IsZero() {
		clock = r.Now.UnixNano()
	}
	monotonic := int64(0) // the real one
	if s.Virtual {
		monotonic = clockStart + int64(r.Clock)
	}
	message := []string{
		"send", strconv.Itoa(max(s.Times, 1)), strconv.Itoa(max(s.Workers, 1)), strconv.FormatInt(clock, 10),
		strconv.FormatInt(monotonic, 10), s.Mode, r.Source, r.Body, r.Upstream.Body, strconv.Itoa(len(s.Chain)),
	}
	for _, bundle := range s.Chain {
		number, ok := h.configs[bundle]
		if !ok {
			return Report{}, fmt.Errorf("bundle %q is not configured", bundle)
		}
		message = append(message, strconv.Itoa(number))
	}
	message = appendHeaders(message, pseudo(r))
	message = appendHeaders(message, append([]scenario.Header{{Name: ":status", Value: strconv.Itoa(r.Upstream.Status)}}, r.Upstream.Headers...))
	message = appendHeaders(message, s.Trailers)
	answer, err := h.call(message...)
	if err != nil {
		return Report{}, err
	}
	out, err := report(answer)
	h.counts = h.counts || out.counts
	return out, err
}

// pseudo returns all headers of a request as Envoy keeps them.
func pseudo(r scenario.Request) []scenario.Header {
	all := []scenario.Header{{Name: ":authority", Value: r.Authority}}
	if r.Path != "" {
		all = append(all, scenario.Header{Name: ":path", Value: r.Path})
	}
	scheme := r.Scheme
	if scheme == "" {
		scheme = "http"
	}
	all = append(all, scenario.Header{Name: ":method", Value: r.Method}, scenario.Header{Name: ":scheme", Value: scheme})
	return append(all, r.Headers...)
}

func appendHeaders(message []string, headers []scenario.Header) []string {
	message = append(message, strconv.Itoa(len(headers)))
	for _, header := range headers {
		message = append(message, header.Name, header.Value)
	}
	return message
}

func report(answer []string) (r Report, err error) {
	next := func() string { s := answer[0]; answer = answer[1:]; return s }
	number := func() int {
		n, e := strconv.Atoi(next())
		err = errors.Join(err, e)
		return n
	}
	list := func() (l []string) {
		for n := number(); n > 0; n-- {
			l = append(l, next())
		}
		return l
	}
	headers := func() (l []scenario.Header) {
		for n := number(); n > 0; n-- {
			l = append(l, scenario.Header{Name: next(), Value: next()})
		}
		return l
	}
	o := &r.Outcome
	o.Status = number()
	r.Answered = number() == 1
	r.Details = next()
	cluster := next()
	o.Response.Body = next()
	r.Resident = number()
	r.counts = number() == 1
	r.Flags, r.Trace, r.Wrong, r.Log = list(), list(), list(), list()
	request := headers()
	for _, header := range headers() {
		if header.Name == ":status" {
			o.Response.Status, _ = strconv.Atoi(header.Value)
			continue
		}
		o.Response.Headers = append(o.Response.Headers, header)
	}
	// An answer in the response phase has a status of its own and a request
	// that did go on; it counts as an answer.
	o.Forward = o.Status == 0
	o.By = r.Details
	if o.Forward {
		o.Request, o.Cluster = request, cluster
		if len(r.Flags) > 0 {
			o.By = r.Flags[len(r.Flags)-1]
		}
	}
	return r, err
}

// Send runs one ordinary stream through one bundle, which it configures if it
// is not. Anything that the library did wrong on the way is an error.
func (h *Host) Send(bundle string, request scenario.Request) (scenario.Outcome, error) {
	if _, ok := h.configs[bundle]; !ok {
		ok, log, err := h.Configure(bundle, "")
		if err != nil {
			return scenario.Outcome{}, err
		}
		if !ok {
			return scenario.Outcome{}, fmt.Errorf("bundle %q was refused: %q", bundle, log)
		}
	}
	s := Stream{Chain: []string{bundle}, Request: request, Virtual: true}
	if request.Hold {
		s.Mode = "hold"
	}
	r, err := h.Run(s)
	if err == nil && len(r.Wrong) > 0 {
		err = fmt.Errorf("the library did wrong: %q", r.Wrong)
	}
	return r.Outcome, err
}

// Name says which executor this is.
func (h *Host) Name() string { return "test host" }

var (
	_ scenario.Executor = (*Host)(nil)
	_ scenario.Stateful = (*Host)(nil)
)

// Begin starts the host again if the library has read the clock that limits go
// by: what they count lasts as long as the process. Bundles are configured anew
// when they are next asked.
func (h *Host) Begin() error {
	if !h.counts {
		return nil
	}
	h.counts = false
	if err := h.stop(); err != nil {
		return err
	}
	h.configs = map[string]int{}
	return h.run()
}

// Release has the upstream answer the streams that it has not.
func (h *Host) Release() error {
	answer, err := h.call("release")
	if err == nil && len(answer) > 1 {
		err = fmt.Errorf("the library did wrong: %q", answer[1:])
	}
	return err
}

// Start is New for a test: it configures the bundles and closes the host when
// the test ends.
func Start(t testing.TB, library string, o Options, bundles ...string) *Host {
	t.Helper()
	h, err := New(library, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, bundle := range bundles {
		ok, log, err := h.Configure(bundle, "")
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			t.Fatalf("bundle %q was refused: %q", bundle, log)
		}
	}
	return h
}
