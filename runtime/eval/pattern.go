package eval

import "regexp"

// MatchText is s.matches(pattern) for a pattern that is known only now, which
// is compiled for this one answer.
func MatchText(s, pattern string) (bool, Err) {
	compiled, err := regexp.Compile(pattern)
	if err != nil {
		return false, BadPattern
	}
	return compiled.MatchString(s), None
}
