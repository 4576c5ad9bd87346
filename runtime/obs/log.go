// Package obs is how the library speaks: lines for the host's log, counts of
// what went wrong, and the one place where goroutines start. It knows neither
// the host nor the policies; a request that goes by rule needs nothing of it.
package obs

import (
	"sync/atomic"
	"unicode/utf8"
)

// Level is the weight of a line, numbered as in Envoy's log.
type Level uint32

// The levels.
const (
	Trace Level = iota
	Debug
	Info
	Warn
	Error
	Critical
)

// MaxLine is the length, in bytes, beyond which a line is cut; the cut shows.
const MaxLine = 2048

var sink atomic.Pointer[func(Level, string)]

// SetSink says where lines go. Until then, and after nil, they go nowhere. The
// sink may be called on any thread.
func SetSink(f func(Level, string)) {
	if f == nil {
		sink.Store(nil)
		return
	}
	sink.Store(&f)
}

// Log hands one line to the host. Control characters and bytes that are not
// UTF-8 are escaped, so that one call is one line whatever a client has sent.
func Log(level Level, line string) {
	if f := sink.Load(); f != nil {
		(*f)(level, printable(line))
	}
}

const cut = "..."

func printable(line string) string {
	clean := len(line) <= MaxLine && utf8.ValidString(line)
	for i := 0; clean && i < len(line); i++ {
		clean = line[i] >= ' ' && line[i] != 0x7f
	}
	if clean && !hasWideControl(line) {
		return line
	}
	const hex = "0123456789abcdef"
	out := make([]byte, 0, min(len(line)*2, MaxLine))
	for i := 0; i < len(line); {
		r, n := utf8.DecodeRuneInString(line[i:])
		var piece [8]byte
		next := piece[:0]
		if r < ' ' || r == 0x7f || r == utf8.RuneError && n == 1 || wideControl(r) {
			for _, c := range []byte(line[i : i+n]) {
				next = append(next, '\\', 'x', hex[c>>4], hex[c&15])
				if len(next)+4 > cap(next) {
					break
				}
			}
			n = min(n, len(next)/4)
		} else {
			next = append(next, line[i:i+n]...)
		}
		if len(out)+len(next) > MaxLine-len(cut) {
			return string(append(out, cut...))
		}
		out = append(out, next...)
		i += n
	}
	return string(out)
}

// wideControl are the characters beyond ASCII that break lines or turn the
// direction of what follows.
func wideControl(r rune) bool {
	return r >= 0x80 && r < 0xa0 || r == 0x2028 || r == 0x2029 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

func hasWideControl(line string) bool {
	for _, r := range line {
		if wideControl(r) {
			return true
		}
	}
	return false
}
