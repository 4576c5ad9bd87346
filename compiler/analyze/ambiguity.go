// Package analyze finds what is wrong with a checked bundle as a whole: routes
// that one request can both take, and falls from an authenticated route to a
// public one. It reads the resolved bundle and says what it finds; it changes
// nothing.
package analyze

import (
	"net/url"
	"strings"

	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/dsl/diag"
)

// Analyze looks at a bundle. Problems go to diags.
func Analyze(b *resolve.Bundle, diags *diag.List) {
	for i, r := range b.Routes {
		for _, s := range b.Routes[:i] {
			pair(s, r, diags)
		}
		falls(b, r, diags)
	}
	coverage(b, diags)
}

// pair compares two routes; the first stands earlier in the bundle.
func pair(a, b *resolve.Route, diags *diag.List) {
	for _, m := range a.Matches {
		for _, n := range b.Matches {
			for _, g := range hosts(a) {
				for _, h := range hosts(b) {
					if meet(a, b, m, n, g, h, diags) {
						return
					}
				}
			}
		}
	}
}

func hosts(r *resolve.Route) []*resolve.Host {
	if len(r.Hosts) == 0 {
		return []*resolve.Host{nil}
	}
	return r.Hosts
}

// meet reports one pair of patterns that both routes can win by.
func meet(a, b *resolve.Route, m, n *resolve.Match, g, h *resolve.Host, diags *diag.List) bool {
	if !sameHost(g, h) {
		return false // the more specific host wins
	}
	path, same := ambiguous(m.Path, n.Path)
	if !same {
		return false
	}
	method, common := commonMethod(m.Methods, n.Methods)
	if !common {
		return false
	}
	switch {
	case (a.When == nil) != (b.When == nil):
		return false // the one with when is tried first
	case a.When != nil && a.Decl.Span().File == b.Decl.Span().File:
		return false // top to bottom
	}
	d := diags.Add(diag.AmbiguousRoute, n.Decl.Span(), "routes %s and %s both match %s", a.Name, b.Name, method+" "+hostText(g)+sent(path)).
		Note(m.Decl.Span(), "route %s", a.Name)
	if a.When != nil {
		d.Help = "put both routes into one file: there, the first whose when holds wins"
	} else {
		d.Help = "give one of them another method, host or template, or a when"
	}
	return true
}

// sameHost reports whether two patterns are of one specificity and can match
// one host: only then does the host not decide between them.
func sameHost(g, h *resolve.Host) bool {
	if g == nil || h == nil {
		return g == h
	}
	return g.Exact == h.Exact && g.Suffix == h.Suffix
}

func hostText(h *resolve.Host) string {
	switch {
	case h == nil:
		return ""
	case h.Exact != "":
		return h.Exact
	}
	return "a" + h.Suffix
}

func commonMethod(a, b []string) (string, bool) {
	has := func(list []string, m string) bool {
		if list == nil {
			return true
		}
		for _, x := range list {
			if x == m || x == "GET" && m == "HEAD" {
				return true
			}
		}
		return false
	}
	for _, m := range append(append([]string{"GET", "HEAD"}, a...), b...) {
		if has(a, m) && has(b, m) {
			return m, true
		}
	}
	return "", false
}

// ambiguous reports whether two templates are of one shape, and shows a path
// that fits both. All other templates are ordered by what stands first: fixed
// text, text around a capture (the longer first), a capture, a rest.
func ambiguous(a, b *resolve.Template) (string, bool) {
	if len(a.Segments) != len(b.Segments) || a.Rest != b.Rest {
		return "", false
	}
	for i := range a.Segments {
		s, t := a.Segments[i], b.Segments[i]
		if s.Capture != t.Capture || s.Literal != t.Literal || s.Prefix != t.Prefix || s.Suffix != t.Suffix {
			return "", false
		}
	}
	return witness(a), true
}

// sent is a path as a request spells it.
func sent(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		segments[i] = url.PathEscape(s)
	}
	return strings.Join(segments, "/")
}

// witness is a path that a template matches, decoded.
func witness(t *resolve.Template) string {
	var path strings.Builder
	for _, s := range t.Segments {
		if s.Capture {
			path.WriteString("/" + s.Prefix + "x" + s.Suffix)
		} else {
			path.WriteString("/" + s.Literal)
		}
	}
	if path.Len() == 0 {
		return "/"
	}
	return path.String()
}
