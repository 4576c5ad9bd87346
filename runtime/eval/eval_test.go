package eval

import (
	"testing"
)

func TestLogicAbsorbsErrors(t *testing.T) {
	type side struct {
		v   bool
		err Err
	}
	yes, no, bad, worse := side{true, None}, side{false, None}, side{false, Overflow}, side{false, NoSuchKey}
	for _, c := range []struct{ l, r, and, or side }{
		{yes, yes, yes, yes}, {yes, no, no, yes}, {no, yes, no, yes}, {no, no, no, no},
		{bad, no, no, bad}, {no, bad, no, bad}, {bad, yes, bad, yes}, {yes, bad, bad, yes}, {bad, worse, bad, bad}, {worse, bad, worse, worse},
		{side{true, Overflow}, no, no, bad}, {no, side{true, Overflow}, no, bad},
	} {
		give := func(s side) func() (bool, Err) { return func() (bool, Err) { return s.v, s.err } }
		if v, err := And(give(c.l), give(c.r)); (side{v, err}) != c.and {
			t.Errorf("%v && %v is %v %v", c.l, c.r, v, err)
		}
		if v, err := Or(give(c.l), give(c.r)); (side{v, err}) != c.or {
			t.Errorf("%v || %v is %v %v", c.l, c.r, v, err)
		}
	}
}

func TestLogicAsksNoMoreThanItNeeds(t *testing.T) {
	never := func() (bool, Err) { t.Error("asked"); return false, None }
	And(func() (bool, Err) { return false, None }, never)
	Or(func() (bool, Err) { return true, None }, never)
}

func TestOptionals(t *testing.T) {
	var none Optional[string]
	if none.OrValue("d") != "d" || Some("v").OrValue("d") != "v" || none.Or(Some("w")).Value != "w" || Some("").Or(Some("w")).Value != "" {
		t.Error("values")
	}
	if _, err := none.Get(); err != NoValue {
		t.Error(err)
	}
	if v, err := Some(7).Get(); v != 7 || err != None {
		t.Error(v, err)
	}
	if OptionalIndex([]int{1}, 1).OK || !OptionalIndex([]int{1}, 0).OK || OptionalIndex([]int{1}, -1).OK {
		t.Error("list")
	}
}

func TestAddressesInBlocks(t *testing.T) {
	private := []string{"10.0.0.0/8", "192.168.0.0/16", "2001:db8::/32"}
	for ip, want := range map[string]bool{
		"10.1.2.3": true, "11.1.2.3": false, "192.168.255.255": true, "::ffff:10.0.0.1": true, "2001:db8::1": true, "2001:db9::1": false, "2001:db8::1%eth0": true, "::1": false,
	} {
		got, err := ParsePrefixes(private...).Contains(ip)
		if got != want || err != None {
			t.Errorf("%s: %v %v", ip, got, err)
		}
		if got, err := InCIDR(ip, private...); got != want || err != None {
			t.Errorf("%s: %v %v", ip, got, err)
		}
	}
	for _, ip := range []string{"", "x", "10.0.0.1:80", "10.0.0", "010.0.0.1", "10.0.0.0/8", "[::1]"} {
		if got, err := ParsePrefixes(private...).Contains(ip); got || err != BadAddress {
			t.Errorf("%s: %v %v", ip, got, err)
		}
		if got, err := InCIDR(ip, private...); got || err != BadAddress {
			t.Errorf("%s: %v %v", ip, got, err)
		}
	}
	for _, block := range []string{"", "10.0.0.0", "10.0.0.0/33", "x/8"} {
		if got, err := ParsePrefixes("10.0.0.0/8", block).Contains("10.0.0.1"); got || err != BadAddress {
			t.Errorf("%s: %v %v", block, got, err)
		}
		if got, err := InCIDR("10.0.0.1", "10.0.0.0/8", block); got || err != BadAddress {
			t.Errorf("%s: %v %v", block, got, err)
		}
	}
	if got, err := ParsePrefixes().Contains("10.0.0.1"); got || err != None {
		t.Error(got, err)
	}
}

func TestIntOr(t *testing.T) {
	for s, want := range map[string]int64{"7": 7, "-7": -7, "+7": 99, "": 99, "-": 99, "7x": 99, "9223372036854775808": 99, "-9223372036854775808": -9223372036854775808, " 7": 99, "0x7": 99, "1_0": 99} {
		if got := IntOr(s, 99); got != want {
			t.Errorf("%q is %d", s, got)
		}
	}
}

func TestErrorsExplainThemselves(t *testing.T) {
	seen := map[string]bool{}
	for e := None; e <= DuplicateKey; e++ {
		if seen[e.String()] || e.String() == Err(200).String() {
			t.Errorf("%d: %s", e, e)
		}
		seen[e.String()] = true
	}
}

func TestNothingAllocates(t *testing.T) {
	blocks, ok, x := ParsePrefixes("10.0.0.0/8"), false, int64(3)
	if n := testing.AllocsPerRun(100, func() {
		a, _ := And(func() (bool, Err) { return x > 2, None }, func() (bool, Err) { x++; return true, None })
		b, _ := blocks.Contains("2001:db8::1")
		_, err := StringToInt("no number")
		ok = a && !b && err != None && IntOr("x", x) > 0 && !In([]string{"a", "b"}, "c") && Size("é") == 1
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if !ok {
		t.Error("wrong values")
	}
}
