package eval

import "unicode/utf8"

// SizeAtMost is s.size() <= n, and counts no further than it must.
func SizeAtMost(s string, n int64) bool {
	// No text has more code points than bytes.
	return int64(len(s)) <= n || n >= 0 && countsAtMost(s, int(n))
}

// countsAtMost is SizeAtMost for texts that have more than n bytes.
func countsAtMost(s string, n int) bool {
	for ; n > 0; n-- {
		if len(s) <= n {
			return true
		}
		if s[0] < utf8.RuneSelf {
			s = s[1:]
			continue
		}
		_, size := utf8.DecodeRuneInString(s)
		s = s[size:]
	}
	return s == ""
}
