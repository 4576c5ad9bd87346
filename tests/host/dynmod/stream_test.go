package dynmod

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"moec.dev/moec/compiler/scenario"
)

func get(headers ...string) scenario.Request {
	r := scenario.Request{Method: "GET", Authority: "shop.example.com", Path: "/a?b=c"}
	for i := 0; i < len(headers); i += 2 {
		r.Headers = append(r.Headers, scenario.Header{Name: headers[i], Value: headers[i+1]})
	}
	return r
}

func withKey(headers ...string) scenario.Request {
	return get(append([]string{"x-api-key", "letmein"}, headers...)...)
}

func values(headers []scenario.Header, name string) (all []string) {
	for _, h := range headers {
		if h.Name == name {
			all = append(all, h.Value)
		}
	}
	return all
}

func has(t *testing.T, headers []scenario.Header, name string, want ...string) {
	t.Helper()
	if got := values(headers, name); !slices.Equal(got, want) {
		t.Errorf("%s is %q, want %q, in %v", name, got, want, headers)
	}
}

func run(t *testing.T, h *Host, s Stream) Report {
	t.Helper()
	r, err := h.Run(s)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Wrong) > 0 {
		t.Errorf("the library did wrong: %q\ntrace %q", r.Wrong, r.Trace)
	}
	return r
}

func TestForward(t *testing.T) {
	h := Start(t, library, Options{}, "gate")
	request := withKey("x-user", "mallory", "x-user", "eve", "x-trace", "client")
	request.Upstream = scenario.Response{Status: 201, Headers: []scenario.Header{{Name: "x-up", Value: "1"}}, Body: "made"}
	o := run(t, h, Stream{Chain: []string{"gate"}, Request: request}).Outcome
	if !o.Forward || o.By != "gate.items" || o.Response.Status != 201 || o.Response.Body != "made" {
		t.Fatalf("got %+v", o)
	}
	has(t, o.Request, "x-api-key")
	has(t, o.Request, "x-user", "alice")
	has(t, o.Request, "x-trace", "client", "path=/a?b=c", "n=8")
	has(t, o.Request, ":path", "/a?b=c")
	has(t, o.Response.Headers, "x-up", "1")
}

func TestEmptyValuesAreRemovals(t *testing.T) {
	h := Start(t, library, Options{}, "gate")
	o := run(t, h, Stream{Chain: []string{"gate"}, Request: get("x-do", "empty", "x-gone", "1")}).Outcome
	if !o.Forward {
		t.Fatalf("got %+v", o)
	}
	has(t, o.Request, "x-gone")
	has(t, o.Request, "x-none")
}

func TestReply(t *testing.T) {
	h := Start(t, library, Options{}, "gate")
	r := run(t, h, Stream{Chain: []string{"gate"}, Request: get()})
	if o := r.Outcome; o.Forward || o.Status != 401 || o.By != "gate.items.auth" || o.Response.Body != "no key\n" {
		t.Fatalf("got %+v", o)
	}
	has(t, r.Outcome.Response.Headers, "www-authenticate", "ApiKey")
	counted(t, h, "gate.denied", 1)
	counted(t, h, "gate.undecided", 0)
	run(t, h, Stream{Chain: []string{"gate"}, Request: get("x-do", "redirect")})
	counted(t, h, "gate.denied", 1) // 308 denies nobody
}

func counted(t *testing.T, h *Host, name string, want int) {
	t.Helper()
	counters, err := h.Counters()
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := counters[name]; !ok || got != want {
		t.Errorf("%s is %d (%v), want %d", name, got, ok, want)
	}
}

// Whatever a decision that is none looks like, the request does not go on.
func TestUndecidedIsDenied(t *testing.T) {
	h := Start(t, library, Options{}, "gate")
	for i, do := range []string{"unset", "verdict", "op", "many", "status", "set-in-reply", "nameless"} {
		t.Run(do, func(t *testing.T) {
			o := run(t, h, Stream{Chain: []string{"gate"}, Request: withKey("x-do", do)}).Outcome
			if o.Forward || o.Status != 500 || o.By != "moe.gate.undecided" {
				t.Errorf("got %+v", o)
			}
			has(t, o.Response.Headers, "grpc-status")
			counted(t, h, "gate.undecided", i+1)
			counted(t, h, "gate.denied", i+1)
		})
	}
}

func TestPanicIsDenied(t *testing.T) {
	h := Start(t, library, Options{}, "gate", "answers")
	if o := run(t, h, Stream{Chain: []string{"gate"}, Request: withKey("x-do", "panic")}).Outcome; o.Forward || o.Status != 500 {
		t.Errorf("got %+v", o)
	}
	counted(t, h, "gate.undecided", 1)
	request := get()
	request.Upstream = scenario.Response{Status: 200, Headers: []scenario.Header{{Name: "x-fail", Value: "panic"}}, Body: "secret"}
	if o := run(t, h, Stream{Chain: []string{"answers"}, Request: request}).Outcome; o.Response.Status != 500 || o.Response.Body == "secret" {
		t.Errorf("got %+v", o)
	}
	counted(t, h, "answers.undecided", 1)
}

func TestFaultIsCounted(t *testing.T) {
	h := Start(t, library, Options{}, "gate")
	if o := run(t, h, Stream{Chain: []string{"gate"}, Request: withKey("x-do", "fault")}).Outcome; o.Status != 500 || o.By != "gate.fault" {
		t.Errorf("got %+v", o)
	}
	counted(t, h, "gate.undecided", 1)
	counted(t, h, "gate.denied", 1)
}

// Envoy reports success to a gRPC caller whose refusal has no grpc-status.
func TestRefusalIsAGRPCError(t *testing.T) {
	h := Start(t, library, Options{}, "gate")
	for kind, want := range map[string][]string{
		"application/grpc": {"13"}, "application/grpc+proto": {"13"}, "application/grpcx": nil, "text/plain": nil,
	} {
		o := run(t, h, Stream{Chain: []string{"gate"}, Request: get("x-do", "unset", "content-type", kind)}).Outcome
		if o.Status != 500 {
			t.Errorf("%s: got %+v", kind, o)
		}
		has(t, o.Response.Headers, "grpc-status", want...)
	}
}

func TestTooManyHeaders(t *testing.T) {
	h := Start(t, library, Options{}, "gate")
	request := withKey()
	for i := len(request.Headers) + 4; i < 512; i++ {
		request.Headers = append(request.Headers, scenario.Header{Name: fmt.Sprint("x-", i), Value: "v"})
	}
	if o := run(t, h, Stream{Chain: []string{"gate"}, Request: request}).Outcome; !o.Forward {
		t.Fatalf("512 headers: got %+v", o)
	}
	request.Headers = append(request.Headers, scenario.Header{Name: "x-last", Value: "v"})
	if o := run(t, h, Stream{Chain: []string{"gate"}, Request: request}).Outcome; o.Status != 431 || o.By != "moe.gate.canonical" {
		t.Fatalf("513 headers: got %+v", o)
	}
}

func TestRouteIsChosenAgain(t *testing.T) {
	h := Start(t, library, Options{}, "gate")
	o := run(t, h, Stream{Chain: []string{"gate"}, Request: withKey("x-do", "reroute", "x-moe-cluster", "evil")}).Outcome
	if o.Cluster != "other" {
		t.Errorf("went to %q", o.Cluster)
	}
	// The host does model the stale choice that this guards against.
	o = run(t, h, Stream{Chain: []string{"gate"}, Request: withKey("x-moe-cluster", "evil")}).Outcome
	if o.Cluster != "evil" {
		t.Errorf("without a new choice: went to %q", o.Cluster)
	}
}

func TestFacts(t *testing.T) {
	h := Start(t, library, Options{}, "facts")
	request := get()
	request.Source, request.Now = "203.0.113.7:4711", time.Unix(1700000000, 42)
	o := run(t, h, Stream{Chain: []string{"facts"}, Request: request}).Outcome
	has(t, o.Request, "x-source", "203.0.113.7:4711")
	has(t, o.Request, "x-port", "4711")
	has(t, o.Request, "x-mtls", "0")
	has(t, o.Request, "x-subject", "unknown")
	has(t, o.Request, "x-now", "1700000000000000042")
}

func TestResponsePhase(t *testing.T) {
	h := Start(t, library, Options{}, "answers")
	request := get()
	request.Upstream = scenario.Response{Status: 404, Headers: []scenario.Header{{Name: "server", Value: "up"}}, Body: "no"}
	o := run(t, h, Stream{Chain: []string{"answers"}, Request: request}).Outcome
	has(t, o.Response.Headers, "x-route", "7")
	has(t, o.Response.Headers, "x-status", "404")
	has(t, o.Response.Headers, "server")
	has(t, o.Response.Headers, "x-calls", "2")
	// Where no response rule applies there is no crossing.
	request.Headers = get("x-do", "silent").Headers
	o = run(t, h, Stream{Chain: []string{"answers"}, Request: request}).Outcome
	has(t, o.Response.Headers, "x-route")
	request.Headers = nil
	o = run(t, h, Stream{Chain: []string{"answers"}, Request: request}).Outcome
	has(t, o.Response.Headers, "x-calls", "5")
}

func TestFailingResponseRuleAnswers(t *testing.T) {
	h := Start(t, library, Options{}, "answers", "gate")
	for fail, by := range map[string]string{"reply": "answers.rule", "unset": "moe.answers.undecided"} {
		request := withKey()
		request.Upstream = scenario.Response{Status: 200, Headers: []scenario.Header{{Name: "x-fail", Value: fail}}, Body: "secret"}
		o := run(t, h, Stream{Chain: []string{"gate", "answers"}, Request: request}).Outcome
		if o.Response.Status != 500 || o.By != by || strings.Contains(o.Response.Body, "secret") {
			t.Errorf("%s: got %+v", fail, o)
		}
	}
	counted(t, h, "answers.denied", 2)
	counted(t, h, "answers.undecided", 2)
}

func TestJoinedHeaders(t *testing.T) {
	h := Start(t, library, Options{}, "gate")
	o := run(t, h, Stream{Chain: []string{"gate"}, Request: withKey("user-agent", "a", "user-agent", "b", "x-two", "a", "x-two", "b")}).Outcome
	has(t, o.Request, "user-agent", "a,b")
	has(t, o.Request, "x-two", "a", "b")
}

func TestShadowIsCounted(t *testing.T) {
	h := Start(t, library, Options{}, "gate")
	for i := range 3 {
		if o := run(t, h, Stream{Chain: []string{"gate"}, Request: withKey("x-do", "shadow")}).Outcome; !o.Forward {
			t.Errorf("got %+v", o)
		}
		counted(t, h, "gate.shadowed", i+1)
	}
	counted(t, h, "gate.denied", 0)
}
