package resolve

import "strings"

// Template is a parsed path template.
type Template struct {
	Text     string
	Segments []Segment
	// Rest says that the template ends in ** or {x=**}; RestName is x or "".
	Rest     bool
	RestName string
}

// Segment is one segment of a template before the rest.
type Segment struct {
	// Literal is the decoded text when the segment is fixed (Capture false).
	Literal string
	Capture bool
	// Name is the capture's name, "" for *.
	Name string
	// Prefix and Suffix are the fixed texts around a capture.
	Prefix, Suffix string
}

// Captures returns the names that the template binds, in order.
func (t *Template) Captures() []string {
	var names []string
	for _, s := range t.Segments {
		if s.Capture && s.Name != "" {
			names = append(names, s.Name)
		}
	}
	if t.RestName != "" {
		names = append(names, t.RestName)
	}
	return names
}

// Host is a parsed host pattern.
type Host struct {
	Text string
	// Exact is the host for patterns without a wildcard.
	Exact string
	// Suffix is ".example.com" for *.example.com and {tenant}.example.com.
	Suffix string
	// Capture is the name bound to what stands before Suffix, or "". It, as
	// the *, is one or more labels.
	Capture string
}

// Matches reports whether a canonical host (lower case, no port, no trailing
// dot) fits the pattern.
func (h *Host) Matches(host string) bool {
	if h.Exact != "" {
		return host == h.Exact
	}
	return len(host) > len(h.Suffix) && strings.HasSuffix(host, h.Suffix)
}
