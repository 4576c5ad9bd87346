package eval

// Eight bytes at once, the first of them lowest.
const (
	everyByte = 0x0101010101010101
	highBits  = 0x80 * everyByte // set in what is not ASCII
)

// word is the first eight bytes of a text that has them.
func word(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// lastWord has the last eight bytes of a text, or all that it has, with zeros
// behind them.
func lastWord(s string) uint64 {
	if len(s) >= 8 {
		return word(s[len(s)-8:])
	}
	w := uint64(0)
	for i := len(s) - 1; i >= 0; i-- {
		w = w<<8 | uint64(s[i])
	}
	return w
}

// alphabet is a range of ASCII, as what lifts its first byte to 128 and what
// lifts the one behind its last.
type alphabet struct{ first, beyond uint64 }

var (
	capitals = alphabet{(0x80 - 'A') * everyByte, (0x80 - 'Z' - 1) * everyByte}
	smalls   = alphabet{(0x80 - 'a') * everyByte, (0x80 - 'z' - 1) * everyByte}
)

// in is the high bit of each byte of w that is in the alphabet.
func (a alphabet) in(w uint64) uint64 {
	low := w &^ highBits
	return (low + a.first) &^ (low + a.beyond) &^ w & highBits
}
