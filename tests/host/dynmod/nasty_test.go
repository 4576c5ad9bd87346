package dynmod

import (
	"slices"
	"testing"

	"moec.dev/moec/compiler/scenario"
)

// Inside send_response the other filters of the chain get response hooks,
// some for a request that they never saw.
func TestNestedHooks(t *testing.T) {
	h := Start(t, library, Options{}, "gate", "answers")
	r := run(t, h, Stream{Chain: []string{"answers", "gate"}, Request: get()})
	if r.Outcome.Status != 401 {
		t.Fatalf("got %+v", r.Outcome)
	}
	has(t, r.Outcome.Response.Headers, "x-route", "7") // answers saw the request
	want := []string{
		"request_headers answers 0", "local_reply answers 0", "local_reply gate 0",
		"response_headers answers 0", "response_body answers 0", "request_headers gate 1",
		"stream_complete answers 0", "stream_complete gate 0",
	}
	if !slices.Equal(r.Trace, want) {
		t.Errorf("trace %q, want %q", r.Trace, want)
	}
	r = run(t, h, Stream{Chain: []string{"gate", "answers"}, Request: get()})
	if r.Outcome.Status != 401 || r.Called("response_headers", "answers") != 1 || r.Called("request_headers", "answers") != 0 {
		t.Fatalf("got %+v, trace %q", r.Outcome, r.Trace)
	}
	has(t, r.Outcome.Response.Headers, "x-route") // answers did not
	// One bundle twice in a chain: each filter has its own record.
	r = run(t, h, Stream{Chain: []string{"answers", "answers", "gate"}, Request: withKey()})
	if !r.Outcome.Forward || r.Called("response_headers", "answers") != 2 {
		t.Fatalf("got %+v, trace %q", r.Outcome, r.Trace)
	}
}

func TestStreamsThatBreakOff(t *testing.T) {
	h := Start(t, library, Options{}, "gate", "answers")
	chain := []string{"gate", "answers"}
	if r := run(t, h, Stream{Chain: chain, Request: withKey(), Mode: "early"}); r.Outcome.Response.Status != 400 || r.Called("response_headers", "gate") != 1 {
		t.Errorf("early: got %+v, trace %q", r.Outcome, r.Trace)
	}
	if r := run(t, h, Stream{Chain: chain, Request: withKey(), Mode: "gone"}); r.Answered || r.Called("stream_complete", "answers") != 1 {
		t.Errorf("gone: trace %q", r.Trace)
	}
	if r := run(t, h, Stream{Chain: chain, Request: withKey(), Mode: "gone-at-once"}); len(r.Trace) != 2 {
		t.Errorf("gone at once: trace %q", r.Trace)
	}
	// None of these decided anything but "gone", whose two filters did: the
	// next request is the third crossing.
	o := run(t, h, Stream{Chain: []string{"gate"}, Request: withKey()}).Outcome
	has(t, o.Request, "x-calls", "3")
}

func TestRepeatedHookDecidesOnce(t *testing.T) {
	h := Start(t, library, Options{}, "gate")
	for _, request := range []scenario.Request{withKey(), get()} {
		request.Body = "body"
		run(t, h, Stream{Chain: []string{"gate"}, Request: request, Mode: "again"})
		run(t, h, Stream{Chain: []string{"gate"}, Request: request, Mode: "trailers"})
	}
	o := run(t, h, Stream{Chain: []string{"gate"}, Request: withKey(), Mode: "again"}).Outcome
	has(t, o.Request, "x-calls", "5")
}

// The response rules of an answer of our own are part of the decision; should
// the answer come by, it is left as it is.
func TestOwnAnswerIsLeftAlone(t *testing.T) {
	h := Start(t, library, Options{}, "answers")
	r := run(t, h, Stream{Chain: []string{"answers"}, Request: get("x-do", "deny"), Mode: "echo"})
	if r.Outcome.Status != 403 || r.Called("response_headers", "answers") != 1 {
		t.Fatalf("got %+v, trace %q", r.Outcome, r.Trace)
	}
	has(t, r.Outcome.Response.Headers, "x-route")
}

func TestUnusedHooksDoNoHarm(t *testing.T) {
	h := Start(t, library, Options{}, "gate", "answers")
	if r := run(t, h, Stream{Chain: []string{"gate", "answers"}, Request: withKey(), Mode: "pester"}); !r.Outcome.Forward {
		t.Errorf("got %+v", r.Outcome)
	}
}

// Without memory, filter or configuration a stream is denied, body and all.
func TestNothingToDecideWithDenies(t *testing.T) {
	h := Start(t, library, Options{}, "gate")
	for mode, by := range map[string]string{
		"no-memory": "moe.gate.undecided", "no-config": "moe.undecided", "no-filter": "moe.undecided",
	} {
		t.Run(mode, func(t *testing.T) {
			request := withKey("content-type", "application/grpc")
			request.Body = "secret"
			o := run(t, h, Stream{Chain: []string{"gate"}, Request: request, Mode: mode}).Outcome
			if o.Forward || o.Status != 500 || o.By != by {
				t.Errorf("got %+v", o)
			}
			has(t, o.Response.Headers, "grpc-status", "13")
		})
	}
	counted(t, h, "gate.undecided", 1)
}

func TestTwoWorkers(t *testing.T) {
	h := Start(t, library, Options{}, "gate", "answers")
	run(t, h, Stream{Chain: []string{"answers", "gate"}, Request: get(), Workers: 2, Times: 5000})
	run(t, h, Stream{Chain: []string{"answers", "gate"}, Request: withKey(), Workers: 2, Times: 5000})
	counted(t, h, "gate.denied", 10000)
}

func TestMemoryStaysFlat(t *testing.T) {
	if testing.Short() {
		t.Skip("many streams")
	}
	h := Start(t, library, Options{}, "gate", "answers")
	chain := []string{"gate", "answers"}
	for i, request := range []scenario.Request{withKey(), get(), withKey("x-do", "panic")} {
		// The first round lets Go's heap find its size, roughly; one record
		// lost a stream would be 30 MiB.
		run(t, h, Stream{Chain: chain, Request: request, Times: 60000})
		before := run(t, h, Stream{Chain: chain, Request: request, Times: 1}).Resident
		after := run(t, h, Stream{Chain: chain, Request: request, Times: 100000}).Resident
		if after-before > 4096 {
			t.Errorf("request %d: %d KiB more after 100,000 streams", i, after-before)
		}
	}
}

// A thread keeps the records of its finished streams for the next ones, however
// these ended: the process holds as many as it once needed at a time.
func TestRecordsAreUsedAgain(t *testing.T) {
	h := Start(t, library, Options{}, "gate", "answers")
	chain := []string{"gate", "answers", "gate"}
	for _, mode := range []string{"", "early", "gone", "gone-at-once", "again", "trailers", "pester", "echo"} {
		for _, request := range []scenario.Request{withKey(), get(), withKey("x-do", "panic")} {
			run(t, h, Stream{Chain: chain, Request: request, Mode: mode, Times: 200})
		}
	}
	// Threads of the host end with their streams, and take their records along:
	// the gauge was set when the last one had taken those of its first stream.
	counted(t, h, "stream_records", len(chain))
	run(t, h, Stream{Chain: chain, Request: withKey(), Times: 500, Workers: 2})
	counters, err := h.Counters()
	if err != nil {
		t.Fatal(err)
	}
	if n := counters["stream_records"]; n < len(chain) || n > 2*len(chain) {
		t.Errorf("two threads held %d records", n)
	}
}

// The host is only as good as its traps: a decision that keeps what was lent
// must die of it.
func TestLateReadIsCaught(t *testing.T) {
	h, err := New(library, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if ok, log, err := h.Configure("hoard", ""); !ok || err != nil {
		t.Fatal(log, err)
	}
	r, err := h.Run(Stream{Chain: []string{"hoard"}, Request: get(), Times: 2})
	if err == nil {
		t.Errorf("a header was read after its hook: %+v", r)
	}
}

// The address sanitizer in the host also watches what the library does with
// memory that the host allocated.
func TestUnderAddressSanitizer(t *testing.T) {
	h := Start(t, library, Options{Sanitize: true, Env: []string{"ASAN_OPTIONS=detect_leaks=0:handle_segv=0:use_sigaltstack=0"}}, "gate", "answers", "facts")
	chain := []string{"answers", "facts", "gate"}
	for _, mode := range []string{"", "again", "trailers", "pester", "early", "gone", "gone-at-once"} {
		for _, request := range []scenario.Request{get(), withKey(), withKey("x-do", "unset"), withKey("x-do", "panic")} {
			run(t, h, Stream{Chain: chain, Request: request, Mode: mode, Times: 20})
		}
	}
}
