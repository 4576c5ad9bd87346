package resolve

import "strings"

// overlaps reports whether one request may match both a match line of a and one
// of b, by method, host and path. It may say so where none can, never the other
// way round.
func overlaps(a, b *Route) bool {
	if !hostsMeet(a.Hosts, b.Hosts) {
		return false
	}
	for _, m := range a.Matches {
		for _, n := range b.Matches {
			if methodsMeet(m.Methods, n.Methods) && m.Path.meets(n.Path) {
				return true
			}
		}
	}
	return false
}

func hostsMeet(a, b []*Host) bool {
	if len(a) == 0 || len(b) == 0 {
		return true
	}
	for _, g := range a {
		for _, h := range b {
			switch {
			case g.Exact != "" && h.Matches(g.Exact), h.Exact != "" && g.Matches(h.Exact):
				return true
			case g.Exact == "" && h.Exact == "" && (strings.HasSuffix(g.Suffix, h.Suffix) || strings.HasSuffix(h.Suffix, g.Suffix)):
				return true
			}
		}
	}
	return false
}

func methodsMeet(a, b []string) bool {
	if a == nil || b == nil {
		return true
	}
	has := func(list []string, m string) bool {
		for _, x := range list {
			if x == m || x == "GET" && m == "HEAD" {
				return true
			}
		}
		return false
	}
	for _, m := range append(append([]string{"HEAD"}, a...), b...) {
		if has(a, m) && has(b, m) {
			return true
		}
	}
	return false
}

// meets reports whether some path may match both templates.
func (t *Template) meets(o *Template) bool {
	for i := 0; i < len(t.Segments) || i < len(o.Segments); i++ {
		switch {
		case i >= len(t.Segments):
			return t.Rest
		case i >= len(o.Segments):
			return o.Rest
		case !t.Segments[i].meets(o.Segments[i]):
			return false
		}
	}
	return true
}

func (s Segment) meets(o Segment) bool {
	switch {
	case !s.Capture && !o.Capture:
		return s.Literal == o.Literal
	case s.Capture && o.Capture:
		return (strings.HasPrefix(s.Prefix, o.Prefix) || strings.HasPrefix(o.Prefix, s.Prefix)) &&
			(strings.HasSuffix(s.Suffix, o.Suffix) || strings.HasSuffix(o.Suffix, s.Suffix))
	case o.Capture:
		return o.meets(s)
	}
	return len(o.Literal) > len(s.Prefix)+len(s.Suffix) && strings.HasPrefix(o.Literal, s.Prefix) && strings.HasSuffix(o.Literal, s.Suffix)
}
