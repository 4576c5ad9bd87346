package dynmod

import (
	"strconv"
	"strings"
	"testing"

	"moec.dev/moec/compiler/scenario"
)

// crossed runs a stream and counts the calls into Go that it took.
func crossed(t *testing.T, h *Host, s Stream) (Report, int) {
	t.Helper()
	calls := func() int {
		r := run(t, h, Stream{Chain: []string{"keeper"}, Request: get("x-do", "calls")})
		n, err := strconv.Atoi(r.Outcome.Response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := calls()
	r := run(t, h, s)
	return r, calls() - before - 1
}

// What a request leaves for its answer is given back, byte for byte, while other
// streams come and go.
func TestKept(t *testing.T) {
	h := Start(t, library, Options{}, "keeper", "gate")
	for _, text := range []string{"", "a", strings.Repeat("long ", 100)} {
		r, n := crossed(t, h, Stream{Chain: []string{"keeper", "gate"}, Request: withKey("x-do", "keep", "x-text", text)})
		has(t, r.Outcome.Response.Headers, "x-kept", strconv.Itoa(len(text))+" "+text[:min(20, len(text))])
		if n != 3 { // gate's own among them
			t.Errorf("%d calls", n)
		}
	}
	r, _ := crossed(t, h, Stream{Chain: []string{"keeper"}, Request: get("x-do", "full")})
	has(t, r.Outcome.Response.Headers, "x-kept", "4096 xxxxxxxxxxxxxxxxxxxx")
	run(t, h, Stream{Chain: []string{"keeper"}, Request: get("x-do", "full"), Times: 3000, Workers: 2})
}

// More than there is room for, or anything where there is none, refuses the
// request; so do changes that make no sense.
func TestKeptRefused(t *testing.T) {
	h := Start(t, library, Options{}, "keeper", "forgets")
	for _, test := range []struct{ bundle, do string }{
		{"keeper", "too-much"}, {"forgets", "keep"}, {"forgets", "settle"},
		{"keeper", "settle-garbage"}, {"keeper", "settle-beyond"}, {"keeper", "settle-op"},
	} {
		o := run(t, h, Stream{Chain: []string{test.bundle}, Request: get("x-do", test.do, "x-text", "a")}).Outcome
		if o.Response.Status != 500 || o.By != "moe."+test.bundle+".undecided" {
			t.Errorf("%s %s: %+v", test.bundle, test.do, o)
		}
	}
}

// Changes that were settled with the request are made without a call.
func TestSettled(t *testing.T) {
	h := Start(t, library, Options{}, "keeper")
	request := get("x-do", "settle", "x-text", "hello")
	request.Upstream.Headers = []scenario.Header{{Name: "server", Value: "s"}, {Name: "x-up", Value: "theirs"}, {Name: "x-gone", Value: "1"}}
	r, n := crossed(t, h, Stream{Chain: []string{"keeper"}, Request: request})
	if n != 1 {
		t.Errorf("%d calls", n)
	}
	has(t, r.Outcome.Response.Headers, "server")
	has(t, r.Outcome.Response.Headers, "x-gone")
	has(t, r.Outcome.Response.Headers, "x-set", "hello")
	has(t, r.Outcome.Response.Headers, "x-up", "theirs", "added")
	has(t, r.Outcome.Response.Headers, "x-absent", "mine")
}

// Bodies are counted in C: one more call when one is too large, none otherwise,
// however many pieces come. Trailers and what follows an upgrade are no body.
func TestBodies(t *testing.T) {
	h := Start(t, library, Options{}, "keeper")
	send := func(mode, body string, upstream int) (Report, int) {
		t.Helper()
		request := get("x-most", "10", "x-do", "keep", "x-text", "it", "transfer-encoding", "chunked")
		request.Body, request.Upstream.Status = body, upstream
		return crossed(t, h, Stream{Chain: []string{"keeper"}, Request: request, Mode: mode})
	}
	for _, mode := range []string{"", "trailers"} {
		for _, body := range []string{"", "a", "0123456789"} {
			r, n := send(mode, body, 200)
			want := 2
			if mode == "trailers" {
				want = 2 // there are none in the map, which is asked for in C
			}
			if !r.Outcome.Forward || n != want {
				t.Errorf("%q %q: %d calls, %+v", mode, body, n, r.Outcome)
			}
			if mode == "trailers" && (r.Called("request_trailers", "keeper") != 1 || r.Called("response_trailers", "keeper") != 1) {
				t.Errorf("trailers were not passed: %q", r.Trace)
			}
		}
		r, n := send(mode, "0123456789x", 200)
		if o := r.Outcome; o.Forward || o.Status != 413 || o.By != "keeper.body" || o.Response.Body != "too large\n" || n != 2 {
			t.Errorf("%d calls, %+v", n, o)
		}
		has(t, r.Outcome.Response.Headers, "x-kept", "it")
		has(t, r.Outcome.Response.Headers, "x-route", "3")
	}
	if r, n := send("upgrade", "", 101); !r.Outcome.Forward || n != 2 || r.Called("request_body", "keeper") != 8 {
		t.Errorf("%d calls, %+v, %q", n, r.Outcome, r.Trace)
	}
}

// What a request announces is on its answer in front of everything but what was
// shared, and costs no call; it is there when a body becomes too large, and gone
// with its stream.
func TestAnnounced(t *testing.T) {
	h := Start(t, library, Options{}, "keeper", "forgets")
	for do, calls := range map[string]int{"": 1, "settle": 1, "keep": 2, "full": 2} {
		request := get("x-first", "announce", "x-do", do, "x-text", "hello")
		request.Upstream.Headers = []scenario.Header{{Name: "x-up", Value: "theirs"}}
		r, n := crossed(t, h, Stream{Chain: []string{"keeper"}, Request: request})
		if n != calls {
			t.Errorf("%q: %d calls", do, n)
		}
		has(t, r.Outcome.Response.Headers, "x-told", "hello")
		if do == "settle" {
			has(t, r.Outcome.Response.Headers, "x-up", "theirs", "first", "added")
			has(t, r.Outcome.Response.Headers, "x-set", "hello")
		} else {
			has(t, r.Outcome.Response.Headers, "x-up", "theirs", "first")
		}
	}
	r := run(t, h, Stream{Chain: []string{"keeper"}, Request: get("x-first", "full", "x-do", "full")})
	has(t, r.Outcome.Response.Headers, "x-kept", "4096 xxxxxxxxxxxxxxxxxxxx")
	has(t, r.Outcome.Response.Headers, "x-told", strings.Repeat("x", 1024-12-len("x-told")))
	run(t, h, Stream{Chain: []string{"keeper"}, Request: get("x-first", "full", "x-do", "full"), Times: 3000, Workers: 2})
	r = run(t, h, Stream{Chain: []string{"keeper"}, Request: get()})
	has(t, r.Outcome.Response.Headers, "x-told")

	request := get("x-most", "1", "x-first", "announce", "x-do", "keep", "x-text", "it", "transfer-encoding", "chunked")
	request.Body = "too much"
	r = run(t, h, Stream{Chain: []string{"keeper"}, Request: request})
	has(t, r.Outcome.Response.Headers, "x-first", strconv.Itoa(12+len("x-up")+len("first")+12+len("x-told")+len("it")))
	has(t, r.Outcome.Response.Headers, "x-kept", "it")
	has(t, r.Outcome.Response.Headers, "x-told")

	for _, test := range []struct{ bundle, first string }{{"keeper", "too-much"}, {"keeper", "garbage"}, {"forgets", "announce"}} {
		o := run(t, h, Stream{Chain: []string{test.bundle}, Request: get("x-first", test.first, "x-text", "a")}).Outcome
		if o.Response.Status != 500 || o.By != "moe."+test.bundle+".undecided" {
			t.Errorf("%s %s: %+v", test.bundle, test.first, o)
		}
	}
}
