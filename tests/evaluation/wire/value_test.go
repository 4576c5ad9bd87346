package wire

import (
	"math"
	"testing"
)

// Values that CEL may call equal and that are not the same must not have one
// text.
func TestStringTellsApart(t *testing.T) {
	all := []Value{
		{Kind: Null}, OfBool(true), OfBool(false), OfInt(1), OfInt(-1), OfUint(1), OfDouble(1), OfDouble(0), OfDouble(math.Copysign(0, -1)),
		OfDouble(math.NaN()), OfDouble(math.Inf(1)), OfDouble(math.Inf(-1)), OfDouble(0.1), OfDouble(math.Nextafter(0.1, 1)),
		OfString("1"), OfBytes("1"), OfString("\xff"), OfString("\ufffd"), OfString(""), OfString("a\", string(\"b"),
		OfDuration(1), OfTimestamp(1, 0), OfTimestamp(1, 1), OfTimestamp(-1, 0),
		{Kind: List}, {Kind: Map}, {Kind: Optional}, {Kind: Optional, Items: []Value{{Kind: Null}}},
		{Kind: List, Items: []Value{OfString("a"), OfString("b")}}, {Kind: List, Items: []Value{OfString("b"), OfString("a")}},
		{Kind: Map, Items: []Value{OfInt(1), OfInt(2)}}, {Kind: Map, Items: []Value{OfUint(1), OfInt(2)}},
		Of(Type, "int"), Of(Type, "uint"), Of(IP, "::1"), Of(CIDR, "::1/128"),
	}
	for i, a := range all {
		for j, b := range all {
			if (a.String() == b.String()) != (i == j) {
				t.Errorf("%s and %s: same text is %v", a, b, a.String() == b.String())
			}
		}
	}
	ab := Value{Kind: Map, Items: []Value{OfInt(1), OfInt(2), OfInt(3), OfInt(4)}}
	ba := Value{Kind: Map, Items: []Value{OfInt(3), OfInt(4), OfInt(1), OfInt(2)}}
	if ab.String() != ba.String() {
		t.Errorf("%s and %s differ by the order of their entries", ab, ba)
	}
}
