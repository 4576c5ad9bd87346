package core

import (
	"strconv"
	"testing"
)

func answered(headers ...string) *fake {
	k := newFake(append([]string{":status", "200"}, headers...)...)
	k.f.Phase = PhaseResponse
	return k
}

func TestResponseHook(t *testing.T) {
	k := answered("server", "x", "set-cookie", "a", "Set-Cookie", "b", "x-p-1", "1", "x-p-2", "2")
	var p Response
	if !p.Open(k.f, shop) {
		t.Fatal("not opened")
	}
	p.RemoveHeader("server")
	p.RemoveHeader("none")
	p.RemoveHeaderPrefix("x-p-")
	ok := p.SetHeader("d", "cache-control", p.Concat2("max-age=", p.FormatInt(p.Code()))) && p.SetHeader("d", "set-cookie", "") &&
		p.SetHeaderIfAbsent("d", "server", "moe") && p.SetHeaderIfAbsent("d", "cache-control", "no") && p.AddHeader("d", "vary", p.Header("set-cookie"))
	if !ok || !p.HasHeader("server") || p.HasHeader(":status") || p.Header("nothing") != "" || p.Header("server") != "x" {
		t.Error("rules see the answer as it was")
	}
	p.Done()
	if k.f.Verdict != VerdictContinue {
		t.Error(k.f.Verdict)
	}
	k.wantActions(t, "remove server", "remove x-p-1", "remove x-p-2", "set cache-control=max-age=200", "remove set-cookie", "set server=moe", "add vary=a,b")
}

func TestResponseHookFails(t *testing.T) {
	k := answered()
	var p Response
	p.Open(k.f, shop)
	p.SetHeader("d", "a", "1")
	if p.SetHeader("moe.shop.r.bad", "b", "x\ny") || p.AddHeader("d", "c", "1") {
		t.Error("a rule after the failure worked")
	}
	p.Done()
	k.wantReply(t, 500, "moe.shop.r.bad", "internal server error\n")
	k.wantActions(t, "add content-type=text/plain")

	for _, headers := range [][]string{{}, {":status", "2x0"}, {":status", ""}} {
		k := newFake(headers...)
		if p := new(Response); p.Open(k.f, shop) {
			t.Errorf("%q opened", headers)
		}
		k.wantReply(t, 500, "moe.shop.undecided", "internal server error\n")
	}
}

func TestRulesOnOurOwnAnswer(t *testing.T) {
	k := get("/")
	r := open(t, k)
	r.Reply("moe.shop.r.auth", 401, "", false)
	r.Challenge("A")
	r.Challenge("B")
	var p Response
	p.OpenReply(r)
	p.RemoveHeaderPrefix("content-")
	p.SetHeader("d", "x-code", p.FormatInt(p.Code()))
	p.SetHeader("d", "x-was", p.Concat2(p.Header("content-type"), p.Header("www-authenticate")))
	p.SetHeader("d", "www-authenticate", "C")
	p.SetHeaderIfAbsent("d", "content-type", "x/y")
	p.SetHeaderIfAbsent("d", "x-code", "no")
	p.AddHeader("d", "x-code", "more")
	p.RemoveHeader("x-was-not")
	p.SetHeader("d", "x-was-not", "")
	p.Done()
	r.Done()
	k.wantReply(t, 401, "moe.shop.r.auth", "unauthorized\n")
	k.wantActions(t, "add x-code=401", "add x-was=text/plainA,B", "add www-authenticate=C", "add content-type=x/y", "add x-code=more")
}

func TestFailureOnOurOwnAnswer(t *testing.T) {
	k := get("/", "content-type", "application/grpc")
	r := open(t, k)
	r.Reply("moe.shop.r.deny", 403, "", false)
	var p Response
	p.OpenReply(r)
	p.SetHeader("d", "x", "1")
	p.Fail("moe.shop.r.bad")
	p.RemoveHeader("grpc-status")
	p.Done()
	r.Done()
	k.wantReply(t, 500, "moe.shop.r.bad", "internal server error\n")
	k.wantActions(t, "add grpc-status=13")

	k.again()
	r = open(t, k)
	r.Reply("moe.shop.r.deny", 403, "", false)
	p = Response{}
	p.OpenReply(r)
	for i := range MaxActions {
		p.AddHeader("d", "x-"+strconv.Itoa(i), "v")
	}
	p.Done()
	k.wantReply(t, 500, "moe.shop.undecided", "internal server error\n")
	if k.f.Flags&FlagFault == 0 {
		t.Error("not marked")
	}
}

func TestResponseOfAGRPCCallFailsWithAStatus(t *testing.T) {
	k := get("/", "content-type", "application/grpc")
	r := open(t, k)
	r.Forward("c", "l")
	r.WantResponse(5)
	route := k.f.Route

	defer swapBundles(&Bundle{Name: "shop", Request: func(*Frame) {}, Response: func(f *Frame) {
		if f.Route != 5 {
			t.Errorf("route %d", f.Route)
		}
		var p Response
		if p.Open(f, shop) {
			p.Fail("moe.shop.r.bad")
			p.Done()
		}
	}})()
	k = answered("content-type", "text/html")
	k.f.Route = route
	Decide(k.f)
	k.wantReply(t, 500, "moe.shop.r.bad", "internal server error\n")
	k.wantActions(t, "add grpc-status=13")
}
