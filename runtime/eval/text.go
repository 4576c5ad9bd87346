package eval

import (
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"moec.dev/moec/runtime/core"
)

// Texts are counted in code points, and a byte that is not UTF-8 counts as one.
// What is built from such a byte has unknown in its place, as cel-go has it.
const unknown = "\uFFFD"

// place is where the code point i of s begins, in bytes; len(s) for the one
// after the last, and false beyond it.
func place(s string, i int64) (int, bool) {
	if i < 0 || i > int64(len(s)) {
		return 0, false
	}
	at := 0
	for ; i > 0; i-- {
		if at >= len(s) {
			return 0, false
		}
		if s[at] < utf8.RuneSelf {
			at++
			continue
		}
		_, n := utf8.DecodeRuneInString(s[at:])
		at += n
	}
	return at, true
}

// clean is s with unknown for every byte that is not UTF-8.
func clean(s *core.Scratch, a string) string {
	if utf8.ValidString(a) {
		return a
	}
	b := s.Build()
	for len(a) > 0 {
		n := firstBad(a)
		b.String(a[:n])
		if a = a[n:]; a != "" {
			b.String(unknown)
			a = a[1:]
		}
	}
	return b.Text()
}

// firstBad is the place of the first byte that is not UTF-8, or the length.
func firstBad(s string) int {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return i
			}
		}
	}
	return len(s)
}

// CharAt is s.charAt(i); "" for the place after the last.
func CharAt(s string, i int64) (string, Err) {
	at, ok := place(s, i)
	if !ok {
		return "", OutOfRange
	}
	if at == len(s) {
		return "", None
	}
	r, n := utf8.DecodeRuneInString(s[at:])
	if r == utf8.RuneError {
		return unknown, None
	}
	return s[at : at+n], None
}

// Substring is a.substring(start).
func Substring(s *core.Scratch, a string, start int64) (string, Err) {
	at, ok := place(a, start)
	if !ok {
		return "", OutOfRange
	}
	return clean(s, a[at:]), None
}

// SubstringRange is a.substring(start, end).
func SubstringRange(s *core.Scratch, a string, start, end int64) (string, Err) {
	from, ok := place(a, start)
	if !ok || end < start {
		return "", OutOfRange
	}
	n, ok := place(a[from:], end-start)
	if !ok {
		return "", OutOfRange
	}
	return clean(s, a[from:from+n]), None
}

// Trim is s.trim(): without the blanks of Unicode at both ends.
func Trim(s string) string { return strings.TrimSpace(s) }

// LowerASCII is a.lowerAscii().
func LowerASCII(s *core.Scratch, a string) string { return flipped(s, a, capitals) }

// UpperASCII is a.upperAscii().
func UpperASCII(s *core.Scratch, a string) string { return flipped(s, a, smalls) }

// flipped is a with the other case for the letters of an alphabet.
func flipped(s *core.Scratch, a string, letters alphabet) string {
	last := lastWord(a)
	found, all := letters.in(last), last
	for i := 0; i+8 < len(a); i += 8 {
		w := word(a[i:])
		found |= letters.in(w)
		all |= w
	}
	if all&highBits != 0 {
		a = clean(s, a)
	}
	if found == 0 {
		return a
	}
	out := s.Room(len(a))
	if out == nil {
		return ""
	}
	const other = 2 // from the high bit to the one in which the cases differ
	i := 0
	for ; i+8 <= len(a); i += 8 {
		w := word(a[i:])
		binary.LittleEndian.PutUint64(out[i:], w^letters.in(w)>>other)
	}
	for ; i < len(a); i++ {
		out[i] = a[i] ^ byte(letters.in(uint64(a[i]))>>other)
	}
	return s.Text(out)
}

// Reverse is a.reverse().
func Reverse(s *core.Scratch, a string) string {
	a = clean(s, a)
	out := s.Room(len(a))
	if out == nil {
		return ""
	}
	end := len(out)
	for i := 0; i < len(a); {
		if a[i] < utf8.RuneSelf {
			end--
			out[end] = a[i]
			i++
			continue
		}
		_, n := utf8.DecodeRuneInString(a[i:])
		end -= n
		copy(out[end:], a[i:i+n])
		i += n
	}
	return s.Text(out)
}
