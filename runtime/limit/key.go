package limit

import (
	"math"
	"math/bits"
	"math/rand/v2"
)

// Key is the digest of a tuple that a limit counts by. The zero Key is no key:
// Take refuses it, so that a tuple with an empty part is never a bucket that
// strangers share.
//
// A table keeps digests and not the tuples: one of 64 bits would have two keys
// of ten million share a bucket in one process of 400,000, and clients choose
// keys. With 128 bits of a keyed function nobody has ever seen it, and nobody
// can look for it without the process's secret, which is new at each start.
type Key struct{ hi, lo uint64 }

var secret = [2]uint64{rand.Uint64(), rand.Uint64()}

// Tuple digests the parts of a key, in order, by SipHash-1-3 with 128 bits.
// It starts with NewTuple and ends with Key; it is a value and allocates
// nothing. Each part begins with its type and length, so that no two tuples of
// different parts have one encoding.
type Tuple struct {
	a, b, c, d uint64
	words      uint64
	empty      bool
}

// NewTuple is a tuple without parts, the key of a limit that has one bucket.
func NewTuple() Tuple { return newTuple(secret[0], secret[1]) }

func newTuple(k0, k1 uint64) Tuple {
	return Tuple{a: k0 ^ 0x736f6d6570736575, b: k1 ^ 0x646f72616e646f6d ^ 0xee, c: k0 ^ 0x6c7967656e657261, d: k1 ^ 0x7465646279746573}
}

// Types of parts. Numbers that are equal in CEL and differ in type are
// different keys: a limit's key has one type, checked when it is compiled.
const (
	ofString uint64 = (iota + 1) << 56
	ofBytes
	ofInt
	ofUint
	ofDouble
	ofBool
	ofTime
	ofDuration
	ofNothing
)

// String adds a string. An empty one makes the key none.
func (t Tuple) String(s string) Tuple { return t.text(ofString, s) }

// Bytes adds bytes, which are those of a string. Empty ones make the key none.
func (t Tuple) Bytes(s string) Tuple { return t.text(ofBytes, s) }

func (t Tuple) text(kind uint64, s string) Tuple {
	t.empty = t.empty || s == ""
	t.words += 1 + uint64(len(s)+7)/8
	a, b, c, d := absorb(t.a, t.b, t.c, t.d, kind|uint64(len(s)))
	for ; len(s) >= 8; s = s[8:] {
		a, b, c, d = absorb(a, b, c, d, uint64(s[0])|uint64(s[1])<<8|uint64(s[2])<<16|uint64(s[3])<<24|
			uint64(s[4])<<32|uint64(s[5])<<40|uint64(s[6])<<48|uint64(s[7])<<56)
	}
	if len(s) != 0 {
		var w uint64
		for i := len(s) - 1; i >= 0; i-- {
			w = w<<8 | uint64(s[i])
		}
		a, b, c, d = absorb(a, b, c, d, w)
	}
	t.a, t.b, t.c, t.d = a, b, c, d
	return t
}

// Int adds a signed number.
func (t Tuple) Int(v int64) Tuple { return t.number(ofInt, uint64(v)) }

// Uint adds an unsigned number.
func (t Tuple) Uint(v uint64) Tuple { return t.number(ofUint, v) }

// Double adds a number; 0 and -0 are one, and so are all that are no number.
func (t Tuple) Double(v float64) Tuple {
	switch {
	case v == 0:
		v = 0
	case v != v:
		v = math.NaN()
	}
	return t.number(ofDouble, math.Float64bits(v))
}

// Bool adds a truth value.
func (t Tuple) Bool(v bool) Tuple {
	if v {
		return t.number(ofBool, 1)
	}
	return t.number(ofBool, 0)
}

// Time adds an instant: seconds since 1970 and nanoseconds of the second.
func (t Tuple) Time(seconds int64, nanos int) Tuple {
	t.word(ofTime | uint64(uint32(nanos)))
	t.word(uint64(seconds))
	return t
}

// Duration adds a duration in nanoseconds.
func (t Tuple) Duration(ns int64) Tuple { return t.number(ofDuration, uint64(ns)) }

// Nothing adds an optional without a value, which makes the key none.
func (t Tuple) Nothing() Tuple {
	t.word(ofNothing)
	t.empty = true
	return t
}

func (t Tuple) number(kind, v uint64) Tuple {
	t.word(kind)
	t.word(v)
	return t
}

func (t *Tuple) word(m uint64) {
	t.words++
	t.a, t.b, t.c, t.d = absorb(t.a, t.b, t.c, t.d, m)
}

// absorb takes one word into the state. The state is in arguments and not
// behind a pointer, so that it stays in registers.
func absorb(a, b, c, d, m uint64) (uint64, uint64, uint64, uint64) {
	a, b, c, d = round(a, b, c, d^m)
	return a ^ m, b, c, d
}

func round(a, b, c, d uint64) (uint64, uint64, uint64, uint64) {
	a += b
	c += d
	b = bits.RotateLeft64(b, 13) ^ a
	d = bits.RotateLeft64(d, 16) ^ c
	a = bits.RotateLeft64(a, 32)
	c += b
	a += d
	b = bits.RotateLeft64(b, 17) ^ c
	d = bits.RotateLeft64(d, 21) ^ a
	return a, b, bits.RotateLeft64(c, 32), d
}

// Key ends the tuple.
func (t Tuple) Key() Key {
	if t.empty {
		return Key{}
	}
	a, b, c, d := absorb(t.a, t.b, t.c, t.d, t.words*8<<56) // SipHash ends with the length modulo 256
	a, b, c, d = round(a, b, c^0xee, d)
	a, b, c, d = round(a, b, c, d)
	a, b, c, d = round(a, b, c, d)
	k := Key{lo: a ^ b ^ c ^ d}
	a, b, c, d = round(a, b^0xdd, c, d)
	a, b, c, d = round(a, b, c, d)
	a, b, c, d = round(a, b, c, d)
	// A slot whose first word is 0 has never had a key.
	if k.hi = a ^ b ^ c ^ d; k.hi == 0 {
		k.hi = 1
	}
	return k
}
