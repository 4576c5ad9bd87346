package core

import (
	"runtime"
	"strings"
	"testing"
	"time"
)

// later is the frame of a later hook of the stream, with a copy of what was kept.
func (k *fake) later(headers ...string) *fake {
	n := newFake(headers...)
	n.f.Kept = ref(strings.Clone(k.f.Kept.view()))
	runtime.KeepAlive(k)
	return n
}

func TestKeptReturns(t *testing.T) {
	k := get("/")
	r := open(t, k)
	at := time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.UTC)
	var one Kept
	one.KeepText(0, "text")
	one.KeepText(1, "")
	one.KeepBool(2, true)
	one.KeepBool(3, false)
	one.KeepInt(4, -5)
	one.KeepUint(5, 1<<63)
	one.KeepDouble(6, -0.5)
	one.KeepDuration(7, -time.Hour)
	one.KeepTime(8, at)
	one.KeepFailure(9, 3)
	one.KeepText(11, "last") // 10 was not known
	if !r.Keep(&one, make([]string, 12)) || r.f.Verdict == VerdictReply {
		t.Fatal("not kept")
	}
	n := k.later(":status", "200")
	var two Kept
	if !two.Restore(n.f) || two.n != 12 {
		t.Fatalf("%d came back", two.n)
	}
	if two.Text(0) != "text" || two.Text(1) != "" || !two.Bool(2) || two.Bool(3) || two.Int(4) != -5 || two.Uint(5) != 1<<63 || two.Double(6) != -0.5 ||
		two.Duration(7) != -time.Hour || !two.Time(8).Equal(at) || two.Failure(9) != 3 || two.Failure(8) != 0 || two.Text(10) != "" || two.Text(11) != "last" {
		t.Errorf("%+v", two)
	}
	runtime.KeepAlive(n)
}

// What is not what was handed over is refused, at every length.
func TestRestoreRefuses(t *testing.T) {
	k := get("/")
	r := open(t, k)
	var one Kept
	one.KeepText(0, "some text")
	one.KeepInt(1, 7)
	r.Keep(&one, make([]string, 2))
	whole := strings.Clone(k.f.Kept.view())
	for n := range len(whole) {
		f := newFake(":status", "200")
		f.f.Kept = ref(whole[:n])
		var two Kept
		if two.Restore(f.f) && two.n == 2 {
			t.Errorf("%d of %d bytes were taken for all", n, len(whole))
		}
	}
}

// The rule that needs more than can be kept refuses, and no response rule runs on
// that answer.
func TestTooMuchToKeep(t *testing.T) {
	for _, test := range []struct {
		first, second int
		by            string
	}{{KeptSize - 2*keptHeadSize, 0, ""}, {KeptSize - 2*keptHeadSize, 1, "moe.b"}, {KeptSize, 0, "moe.a"}} {
		k := get("/")
		r := open(t, k)
		r.Forward("c", "l")
		var one Kept
		one.KeepText(0, strings.Repeat("x", test.first))
		one.KeepText(1, strings.Repeat("y", test.second))
		if kept := r.Keep(&one, []string{"moe.a", "moe.b"}); kept != (test.by == "") {
			t.Errorf("%+v: %v", test, kept)
		}
		if test.by == "" {
			if int(k.f.Kept.N) != KeptSize {
				t.Errorf("%d bytes", k.f.Kept.N)
			}
			continue
		}
		k.wantReply(t, 500, test.by, "internal server error\n")
		if r.Replied() || k.f.Flags&FlagFault == 0 {
			t.Errorf("%+v: flags %x", test, k.f.Flags)
		}
	}
}

func TestAhead(t *testing.T) {
	k := get("/")
	r := open(t, k)
	r.Forward("c", "l")
	var p Response
	p.OpenAhead(r)
	p.RemoveHeader("server")
	if !p.SetHeader("d", "x-a", " 1 ") || !p.SetHeader("d", "x-b", "") || !p.SetHeaderIfAbsent("d", "x-c", "3") || !p.AddHeader("d", "x-d", "4") || !p.AddHeader("d", "x-e", "") {
		t.Fatal("refused")
	}
	p.Done()
	k.wantActions(t, "set x-moe-cluster=c") // of the request alone
	if k.f.Verdict != VerdictContinue || k.f.Flags&FlagSettled == 0 {
		t.Fatalf("verdict %d, flags %x", k.f.Verdict, k.f.Flags)
	}
	// On our own answer to the same request they are made in Go.
	n := k.later()
	n.f.Phase = PhaseBody
	var late Request
	late.OpenBody(n.f, shop)
	var own Response
	own.OpenReply(&late)
	own.Settled()
	own.Done()
	n.wantReply(t, 413, "moe.shop.body", "request entity too large\n")
	n.wantActions(t, "add content-type=text/plain", "add x-a=1", "add x-c=3", "add x-d=4")
}

func TestAheadFails(t *testing.T) {
	for _, test := range []struct {
		rule func(p *Response)
		by   string
	}{
		{func(p *Response) { p.SetHeader("moe.bad", "x-a", "1\r\n2") }, "moe.bad"},
		{func(p *Response) { p.AddHeader("moe.long", "x-a", strings.Repeat("x", KeptSize)) }, "moe.long"},
		{func(p *Response) {
			for range KeptSize {
				p.RemoveHeader("x")
			}
		}, "moe.shop.undecided"},
		{func(p *Response) { p.Fail("moe.failed"); p.SetHeader("moe.d", "x-a", "1") }, "moe.failed"},
	} {
		k := get("/")
		r := open(t, k)
		r.Forward("c", "l")
		var p Response
		p.OpenAhead(r)
		test.rule(&p)
		p.Done()
		k.wantReply(t, 500, test.by, "internal server error\n")
		if r.Replied() || k.f.Flags&FlagSettled != 0 {
			t.Errorf("%s: response rules would run on it", test.by)
		}
	}
}

// Settled refuses what nobody settled.
func TestSettledRefuses(t *testing.T) {
	for _, garbage := range []string{"abc", "\x01\x00\x00\x00\xff\xff\xff\xff\x00\x00\x00\x00x"} {
		n := newFake()
		n.f.Kept = ref(garbage)
		var late Request
		late.OpenBody(n.f, shop)
		var own Response
		own.OpenReply(&late)
		own.Settled()
		own.Done()
		n.wantReply(t, 500, "moe.shop.undecided", "internal server error\n")
	}
}

func TestBound(t *testing.T) {
	for _, test := range []struct {
		length string
		most   uint64
		ok     bool
	}{
		{"", 10, true}, {"10", 10, true}, {"11", 10, false}, {"0", 0, true}, {"1", 0, false}, {"-1", 0, true}, {"x", 0, true}, {"1x", 0, true},
		{"9223372036854775807", 1<<63 - 1, true}, {"18446744073709551616", 1<<63 - 1, false}, {"99999999999999999999999999999999", 1<<63 - 1, false},
		{"00000000000000000000000000000000010", 10, true},
	} {
		k := get("/", "content-length", test.length)
		r := open(t, k)
		if ok := r.Bound(test.most, 2); ok != test.ok {
			t.Errorf("%+v: %v", test, ok)
		}
		if !test.ok {
			k.wantReply(t, 413, "moe.shop.body", "request entity too large\n")
		} else if k.f.MaxBody != test.most+1 || k.f.Route != 2 {
			t.Errorf("%+v: at most %d, route %d", test, k.f.MaxBody, k.f.Route)
		}
	}
}
