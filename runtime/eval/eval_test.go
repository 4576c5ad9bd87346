package eval

import (
	"testing"
)

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
		b, _ := blocks.Contains("2001:db8::1")
		_, err := StringToInt("no number")
		ok = !b && err != None && IntOr("x", x) > 0 && !In([]string{"a", "b"}, "c") && Size("é") == 1
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if !ok {
		t.Error("wrong values")
	}
}
