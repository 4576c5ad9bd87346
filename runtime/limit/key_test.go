package limit

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"testing"

	"pgregory.net/rapid"
)

// sip is SipHash with 128 bits over bytes, written after its paper.
func sip(compress, finish int, k0, k1 uint64, m []byte) [16]byte {
	v0, v1, v2, v3 := k0^0x736f6d6570736575, k1^0x646f72616e646f6d^0xee, k0^0x6c7967656e657261, k1^0x7465646279746573
	rounds := func(n int) {
		for range n {
			v0 += v1
			v2 += v3
			v1, v3 = bits.RotateLeft64(v1, 13)^v0, bits.RotateLeft64(v3, 16)^v2
			v0 = bits.RotateLeft64(v0, 32)
			v2 += v1
			v0 += v3
			v1, v3 = bits.RotateLeft64(v1, 17)^v2, bits.RotateLeft64(v3, 21)^v0
			v2 = bits.RotateLeft64(v2, 32)
		}
	}
	last := uint64(len(m)) << 56
	for ; len(m) >= 8; m = m[8:] {
		w := binary.LittleEndian.Uint64(m)
		v3 ^= w
		rounds(compress)
		v0 ^= w
	}
	for i, c := range m {
		last |= uint64(c) << (8 * i)
	}
	v3 ^= last
	rounds(compress)
	v0 ^= last
	var out [16]byte
	v2 ^= 0xee
	rounds(finish)
	binary.LittleEndian.PutUint64(out[:], v0^v1^v2^v3)
	v1 ^= 0xdd
	rounds(finish)
	binary.LittleEndian.PutUint64(out[8:], v0^v1^v2^v3)
	return out
}

// The first two of the published vectors of SipHash-2-4 with 128 bits: what
// the next test compares with is SipHash.
func TestSipIsSipHash(t *testing.T) {
	const k0, k1 = 0x0706050403020100, 0x0f0e0d0c0b0a0908
	for n, want := range []string{"a3817f04ba25a8e66df67214c7550293", "da87c1d86b99af44347659119b22fc45"} {
		if got := fmt.Sprintf("%x", sip(2, 4, k0, k1, make([]byte, n))); got != want {
			t.Errorf("%d bytes: %s, want %s", n, got, want)
		}
	}
}

func TestTupleIsSipHashOfItsEncoding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k0, k1 := rapid.Uint64().Draw(t, "k0"), rapid.Uint64().Draw(t, "k1")
		s, b := rapid.StringN(1, 40, -1).Draw(t, "s"), rapid.SliceOfN(rapid.Byte(), 1, 40).Draw(t, "b")
		i := rapid.Int64().Draw(t, "i")
		var m []byte
		part := func(kind uint64, text []byte) {
			m = binary.LittleEndian.AppendUint64(m, kind<<56|uint64(len(text)))
			m = append(m, text...)
			m = append(m, make([]byte, -len(text)&7)...)
		}
		part(1, []byte(s))
		part(2, b)
		m = binary.LittleEndian.AppendUint64(m, 3<<56)
		m = binary.LittleEndian.AppendUint64(m, uint64(i))
		want := sip(1, 3, k0, k1, m)
		got := newTuple(k0, k1).String(s).Bytes(string(b)).Int(i).Key()
		if got.lo != binary.LittleEndian.Uint64(want[:]) || got.hi != binary.LittleEndian.Uint64(want[8:]) {
			t.Fatalf("%x, want %x", got, want)
		}
	})
}

// Tuples that look alike when they are only joined.
func TestTuplesAreNotAmbiguous(t *testing.T) {
	n := NewTuple
	tuples := []Tuple{
		n(), n().String("ab"), n().String("a").String("b"), n().String("abc"), n().String("ab").String("c"), n().String("a").String("bc"),
		n().String("a_b").String("c"), n().String("a").String("b_c"), n().String("a\x00"), n().String("a\x00\x00"), n().String("a"),
		n().Bytes("a"), n().Bytes("ab"), n().Int(1), n().Uint(1), n().Double(1), n().Bool(true), n().Duration(1), n().Time(1, 0),
		n().Time(0, 1), n().Int(0), n().Int(-1), n().Bool(false), n().Double(0), n().String("1"), n().Int(1).Int(1), n().Double(0.1),
		n().String("12345678"), n().String("12345678").String("a"), n().String("12345678a"), n().String("1234567").String("8a"),
		n().String("\x02\x00\x00\x00\x00\x00\x00\x01ab"),
	}
	seen := map[Key]int{}
	for i, tuple := range tuples {
		k := tuple.Key()
		if j, twice := seen[k]; twice || k == (Key{}) {
			t.Errorf("tuples %d and %d have one key, or none", i, j)
		}
		seen[k] = i
	}
	if n().String("ab").Int(1).Key() != n().String("ab").Int(1).Key() || n().Double(0).Key() != n().Double(math.Copysign(0, -1)).Key() || n().Double(math.NaN()).Key() != n().Double(-math.NaN()).Key() {
		t.Error("equal tuples have different keys")
	}
	for i, tuple := range []Tuple{n().String(""), n().String("a").String(""), n().String("").Int(1), n().Bytes(""), n().Nothing(), n().Int(1).Nothing()} {
		if tuple.Key() != (Key{}) {
			t.Errorf("tuple %d has an empty part and a key", i)
		}
	}
}

func TestTuplesByProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.StringN(1, 12, -1), 1, 4)
		a, b := parts.Draw(t, "a"), parts.Draw(t, "b")
		digest := func(parts []string) Key {
			x := NewTuple()
			for _, p := range parts {
				x = x.String(p)
			}
			return x.Key()
		}
		if equal := fmt.Sprintf("%q", a) == fmt.Sprintf("%q", b); (digest(a) == digest(b)) != equal {
			t.Fatalf("%q and %q", a, b)
		}
	})
}
