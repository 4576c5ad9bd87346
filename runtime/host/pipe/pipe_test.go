package pipe

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"moec.dev/moec/runtime/core"
)

// after is what the host does to an upstream's answer.
var after [2]core.Action

var spec = (&core.Spec{Bundle: "shop", Headers: []string{"who"}, UnmatchedStatus: 404, Details: core.Details{
	Canonical: "moe.shop.canonical", Unmatched: "moe.shop.unmatched", Method: "moe.shop.method", Undecided: "moe.shop.undecided"}}).Prepare()

// decide does what the header who asks for.
func decide(f *core.Frame) {
	var r core.Request
	defer r.Fence()
	if !r.Open(f, spec) {
		return
	}
	switch r.Header(0) {
	case "":
		r.Unmatched()
	case "fault":
		panic("boom")
	case "undecided":
		return
	case "stop":
		r.ReplyExact("moe.shop.stop", 418, "no\n", true)
	default:
		r.Forward("orders", "shop.orders")
		r.SetHeader("moe.shop.set", "x-who", r.Header(0)+" at "+r.Attribute(0))
		r.RemoveHeader("who")
		if r.AttributeInt(1) == 7 {
			r.WantResponse(3)
		} else {
			r.After(after[:])
		}
	}
	r.Done()
}

func init() {
	core.Fix(after[:], core.Change{Op: core.OpRemove, Name: "server"}, core.Change{Op: core.OpSetIfAbsent, Name: "x-a", Value: "1"})
	core.Register(&core.Bundle{Name: "shop", Attributes: []core.AttributeID{core.AttrSourceAddress, core.AttrSourcePort}, Request: decide,
		Response: func(f *core.Frame) { f.Verdict = core.VerdictContinue }, Rules: []string{"shop", "shop.orders"}})
}

// asked sends documents through the host.
func asked(t *testing.T, documents ...string) ([]Answer, error) {
	t.Helper()
	var out bytes.Buffer
	err := serve(strings.NewReader(strings.Join(documents, "\n")), &out)
	var answers []Answer
	for dec := json.NewDecoder(&out); dec.More(); {
		var a Answer
		if err := dec.Decode(&a); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, a)
	}
	return answers, err
}

const request = `{"bundle": "shop", "route": -1, "attributes": {"24": "192.0.2.1:7"}, "numbers": {"25": PORT}, "headers": [[":method", "GET"], [":scheme", "http"], [":authority", "h"], [":path", "/é"], ["who", "WHO"]]}`

func asking(who, port string) string {
	return strings.NewReplacer("WHO", who, "PORT", port, "/é", "/%C3%A9").Replace(request)
}

func TestServe(t *testing.T) {
	answers, err := asked(t, asking("é", "1"), asking("x", "7"), asking("stop", "1"), asking("", "1"), `{"bundle": "shop", "response": true, "route": 3, "headers": [[":status", "200"]]}`)
	if err != nil || len(answers) != 5 {
		t.Fatalf("%d answers, %v", len(answers), err)
	}
	a := answers[0]
	if a.Verdict != 1 || a.Label != "shop.orders" || a.Flags&core.FlagResponse != 0 || !slices.Contains(a.Actions, Action{1, "x-who", "é at 192.0.2.1:7"}) ||
		!slices.Contains(a.Actions, Action{0, "who", ""}) || !slices.Contains(a.Actions, Action{1, "x-moe-cluster", "orders"}) {
		t.Errorf("%+v", a)
	}
	if !slices.Equal(a.After, []Action{{0, "server", ""}, {3, "x-a", "1"}}) {
		t.Errorf("after: %+v", a.After)
	}
	if a := answers[1]; a.Flags&core.FlagResponse == 0 || a.Route != 3 || len(a.After) != 0 {
		t.Errorf("%+v", a)
	}
	if a := answers[2]; a.Verdict != 2 || a.Status != 418 || a.Body != "no\n" || a.Details != "moe.shop.stop" {
		t.Errorf("%+v", a)
	}
	if a := answers[3]; a.Verdict != 2 || a.Status != 404 || a.Details != "moe.shop.unmatched" {
		t.Errorf("%+v", a)
	}
	if a := answers[4]; a.Verdict != 1 || a.Error != "" {
		t.Errorf("%+v", a)
	}
}

// What cannot be decided is refused, and the host goes on.
func TestServeFaults(t *testing.T) {
	answers, err := asked(t, asking("fault", "1"), asking("undecided", "1"), `{"bundle": "other"}`, `{"bundle": "shop"}`, asking("x", "1"))
	if err != nil || len(answers) != 5 {
		t.Fatalf("%d answers, %v", len(answers), err)
	}
	for _, a := range answers[:2] {
		if a.Verdict != 2 || a.Status != 500 {
			t.Errorf("%+v", a)
		}
	}
	if answers[2].Error != "no bundle other" || answers[2].Verdict != 0 {
		t.Errorf("%+v", answers[2])
	}
	if a := answers[3]; a.Verdict != 2 || a.Status != 400 {
		t.Errorf("a request without anything: %+v", a)
	}
	if answers[4].Verdict != 1 {
		t.Errorf("%+v", answers[4])
	}
}

func TestServeNonsense(t *testing.T) {
	answers, err := asked(t, asking("x", "1"), `hello`)
	if err == nil || len(answers) != 1 {
		t.Errorf("%d answers, %v", len(answers), err)
	}
	if answers, err := asked(t); err != nil || len(answers) != 0 {
		t.Errorf("%d answers to nothing, %v", len(answers), err)
	}
}
