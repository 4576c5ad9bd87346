package eval

import "testing"

func TestPresent(t *testing.T) {
	if v, err := Present("a", true); v != "a" || err != None {
		t.Errorf("%q %v", v, err)
	}
	if v, err := Present("a", false); err != NoSuchKey {
		t.Errorf("%q %v", v, err)
	}
}

func TestOptionalOf(t *testing.T) {
	if o := OptionalOf(1, true); !o.OK || o.OrValue(2) != 1 {
		t.Errorf("%+v", o)
	}
	if o := OptionalOf(0, false); o.OK || o.OrValue(2) != 2 {
		t.Errorf("%+v", o)
	}
}

func TestRank(t *testing.T) {
	for _, a := range []bool{false, true} {
		for _, b := range []bool{false, true} {
			if less := Rank(a) < Rank(b); less != (!a && b) {
				t.Errorf("%v < %v is %v", a, b, less)
			}
			if same := Rank(a) == Rank(b); same != (a == b) {
				t.Errorf("%v == %v is %v", a, b, same)
			}
		}
	}
}
