package core

import (
	"errors"
	"testing"
)

func swapBundles(b ...*Bundle) func() {
	before := bundles
	bundles = b
	return func() { bundles = before }
}

// listen collects what is reported.
func listen(t *testing.T) *[]string {
	var got []string
	before := Report
	Report = func(bundle, rule, what string) { got = append(got, bundle+"|"+rule+"|"+what) }
	t.Cleanup(func() { Report = before })
	return &got
}

func TestTheFenceDenies(t *testing.T) {
	for what, request := range map[string]func(*Frame){
		"panic: boom":                        func(*Frame) { panic("boom") },
		"panic: an error":                    func(*Frame) { panic(errors.New("an error")) },
		"panic":                              func(*Frame) { panic(1) },
		"no rule decided":                    func(*Frame) {},
		"its status is not one of an answer": func(f *Frame) { f.Verdict, f.Status = VerdictReply, 99 },
		"its answer takes headers away": func(f *Frame) {
			f.Verdict, f.Status, f.NActions = VerdictReply, 200, 1
			f.Actions[0] = Action{Op: OpRemove}
		},
		"it has too many header changes":        func(f *Frame) { f.Verdict, f.NActions = VerdictContinue, actionOverflow },
		"its strings do not fit the arena":      func(f *Frame) { f.Verdict, f.ArenaLen = VerdictContinue, arenaOverflow },
		"the bundle has nothing for this phase": nil,
	} {
		t.Run(what, func(t *testing.T) {
			defer swapBundles(&Bundle{Name: "shop", Request: request})()
			got, before := listen(t), Faults()
			k := get("/")
			Decide(k.f)
			k.wantReply(t, 500, "moe.shop.undecided", "internal server error\n")
			k.wantActions(t, "add content-type=text/plain")
			if k.f.Flags != FlagFault || Faults() != before+1 {
				t.Errorf("flags %d, %d faults", k.f.Flags, Faults()-before)
			}
			if len(*got) != 1 || (*got)[0] != "shop||"+what {
				t.Errorf("reported %q", *got)
			}
		})
	}
}

func TestUnknownBundle(t *testing.T) {
	defer swapBundles()()
	k := get("/", "content-type", "application/grpc")
	k.f.Bundle = 3
	Decide(k.f)
	k.wantReply(t, 500, "moe.undecided", "internal server error\n")
	k.wantActions(t, "add grpc-status=13")
}

func TestTheFenceNamesTheRule(t *testing.T) {
	defer swapBundles(&Bundle{Name: "shop", Rules: []string{"shop.a", "shop.b.deny"}, Request: func(f *Frame) {
		var r Request
		defer r.Fence()
		if r.Open(f, shop) {
			r.At = 1
			var none []int
			_ = none[r.At]
		}
	}})()
	got, before := listen(t), Faults()
	k := get("/")
	Decide(k.f)
	k.wantReply(t, 500, "moe.shop.undecided", "internal server error\n")
	if len(*got) != 1 || (*got)[0] != "shop|shop.b.deny|panic: runtime error: index out of range [1] with length 0" {
		t.Errorf("reported %q", *got)
	}
	if k.f.Flags != FlagFault || Faults() != before+1 {
		t.Error("not counted once")
	}
}

// A gRPC caller takes an answer without a grpc-status for a success.
func TestTheFenceTellsGRPCCallers(t *testing.T) {
	for what, response := range map[string]func(*Frame){
		"a panic":                   func(*Frame) { panic("boom") },
		"a panic after opening":     func(f *Frame) { new(Response).Open(f, shop); panic("boom") },
		"no verdict":                func(*Frame) {},
		"no verdict, after opening": func(f *Frame) { new(Response).Open(f, shop) },
	} {
		for route, want := range map[int32]string{1 | routeGRPC: "add grpc-status=13", 1: "add content-type=text/plain"} {
			defer swapBundles(&Bundle{Name: "shop", Response: response})()
			k := newFake(":status", "200")
			k.f.Phase, k.f.Route = PhaseResponse, route
			Decide(k.f)
			k.wantActions(t, want)
			if k.f.Verdict != VerdictReply || k.f.Status != 500 || k.f.Flags != FlagFault {
				t.Errorf("%s: verdict %d, status %d, flags %x", what, k.f.Verdict, k.f.Status, k.f.Flags)
			}
		}
	}
}

func TestDecideAllocatesNothing(t *testing.T) {
	defer swapBundles(&Bundle{Name: "shop", Request: func(f *Frame) {
		var r Request
		defer r.Fence()
		if !r.Open(f, shop) {
			return
		}
		if r.Header(0) == "BadBot" {
			r.Reply("moe.shop.r.bots", 403, "", false)
			r.Challenge("x")
			var p Response
			p.OpenReply(&r)
			p.RemoveHeaderPrefix("content-")
			p.SetHeader("d", "x-was", p.Concat2("was ", p.Header("content-type")))
			p.Done()
			return
		}
		r.Forward("orders", "shop.orders")
		r.SetHeader("d", "x-user", r.Concat3(r.Header(1), r.Query(0), r.Cookie(0)))
		r.SetHeaderIfAbsent("d", "accept-language", r.SourceNet("[2001:db8::1]:5"))
		r.AddHeader("d", "x-n", r.FormatDouble(1.5))
		r.WantResponse(1)
		r.Done()
	}})()
	for _, agent := range []string{"curl", "BadBot"} {
		k := get("/a%20b?q=a+b&token=s&x", "user-agent", agent, "x-tag", "1", "x-tag", "2", "cookie", "sid=1; key=2", "x-user", "evil", "authorization", "Bearer x")
		if n := testing.AllocsPerRun(100, func() {
			k.again()
			Decide(k.f)
		}); n != 0 {
			t.Errorf("%s: %v allocations", agent, n)
		}
		if k.f.Flags&FlagFault != 0 || k.f.Verdict == VerdictUnset {
			t.Errorf("%s: flags %d", agent, k.f.Flags)
		}
	}
}

func BenchmarkDecide(b *testing.B) {
	k := get("/orders/7?x=1", "user-agent", "curl", "accept", "*/*", "x-api-key", "secret", "x-request-id", "1", "x-forwarded-proto", "https", "x-envoy-internal", "true")
	var sum uint32
	for b.Loop() {
		k.again()
		var r Request
		if r.Open(k.f, shop) {
			r.Forward("orders", "shop.orders")
			r.SetHeaderStatic("x-user", "robots:r1")
			r.Done()
		}
		sum += k.f.NActions
	}
}
