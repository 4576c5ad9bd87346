package wire

import (
	"math"
	"testing"

	"moec.dev/moec/runtime/core"
	"moec.dev/moec/runtime/eval"
)

// samples has values of every kind, and what is hard to carry.
var samples = []Value{
	{Kind: Null}, OfBool(true), OfBool(false), OfInt(math.MinInt64), OfUint(math.MaxUint64), OfDouble(math.Copysign(0, -1)), OfDouble(math.NaN()),
	OfDouble(math.Inf(-1)), OfDouble(math.SmallestNonzeroFloat64), OfString(""), OfString("\xff\x00é"), OfBytes("\xff\""), OfDuration(math.MinInt64),
	OfTimestamp(-62135596800, 0), OfTimestamp(253402300799, 999999999), OfTimestamp(-1, 1), Of(Type, "list"), Of(IP, "10.0.0.1"), Of(IP, "2001:db8::1"),
	Of(CIDR, "10.1.2.3/8"), Of(CIDR, "::/0"), {Kind: List}, {Kind: Map}, {Kind: Optional}, {Kind: Optional, Items: []Value{{Kind: Null}}},
	{Kind: List, Items: []Value{OfInt(1), OfUint(1), {Kind: List, Items: []Value{OfString("a")}}}},
	{Kind: Map, Items: []Value{OfString("a"), OfInt(1), OfBool(true), {Kind: Map, Items: []Value{OfInt(1), {Kind: Null}}}}},
}

// What goes through the runtime comes out as it went in.
func TestBox(t *testing.T) {
	for _, v := range samples {
		b, err := Box(v)
		if err != nil {
			t.Errorf("%s: %v", v, err)
		} else if got := Unbox(b); got.String() != v.String() {
			t.Errorf("%s came back as %s", v, got)
		}
	}
	for _, v := range []Value{{Kind: "message"}, Of(IP, "x"), Of(Int, "1.5"), Of(String, "a"), {Kind: List, Items: []Value{Of(CIDR, "1")}}} {
		if b, err := Box(v); err == nil {
			t.Errorf("%s was taken for %s", v, Unbox(b))
		}
	}
}

// A program answers every question, also after one whose code panics.
func TestAnswer(t *testing.T) {
	h := newHost()
	call := func(f *core.Frame, s *core.Spec, name string, args []eval.Value) (eval.Value, eval.Err, bool) {
		var r core.Request
		if !r.Open(f, s) {
			t.Fatal("the request does not open")
		}
		switch name {
		case "echo":
			return args[0], eval.None, true
		case "fail":
			return eval.Value{}, eval.Overflow, true
		case "panic":
			return args[7], eval.None, true
		case "fill":
			for range 3 {
				r.Room(core.ArenaSize / 2)
			}
			return eval.Value{}, eval.None, true
		}
		return eval.Value{}, eval.None, false
	}
	for name, want := range map[string]func(a Answer) bool{
		"echo":    func(a Answer) bool { return a.Value != nil && a.Value.Text == "7" },
		"fail":    func(a Answer) bool { return a.Error == eval.Overflow.String() },
		"panic":   func(a Answer) bool { return a.Panic != "" && a.Value == nil },
		"fill":    func(a Answer) bool { return a.Error != "" },
		"nothing": func(a Answer) bool { return a.Unasked != "" },
	} {
		if a := h.answer(call, &Question{Name: name, Args: []Value{OfInt(7)}}); !want(a) {
			t.Errorf("%s: %+v", name, a)
		}
	}
	if a := h.answer(call, &Question{Name: "echo", Args: []Value{{Kind: "message"}}}); a.Unasked == "" {
		t.Errorf("%s", a)
	}
}

func TestAgrees(t *testing.T) {
	one, two := OfInt(1), OfInt(2)
	value, other, fails, fails2, panics, unasked := Answer{Value: &one}, Answer{Value: &two}, Answer{Error: "a"}, Answer{Error: "b"}, Answer{Panic: "a"}, Answer{Unasked: "a"}
	for _, c := range []struct {
		a, b Answer
		want bool
	}{{value, value, true}, {value, other, false}, {value, fails, false}, {fails, fails2, true}, {panics, panics, false}, {fails, panics, false},
		{unasked, unasked, false}, {value, unasked, false}} {
		if c.a.Agrees(c.b) != c.want || c.b.Agrees(c.a) != c.want {
			t.Errorf("%s agrees with %s: %v", c.a, c.b, !c.want)
		}
	}
}
