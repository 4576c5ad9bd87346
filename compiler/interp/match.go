package interp

import (
	"slices"
	"strings"

	"moec.dev/moec/compiler/resolve"
)

// entry is one way in which a route can take a request: one of its match
// lines with one of its hosts (nil when the route takes any host).
type entry struct {
	route    *resolve.Route
	match    *resolve.Match
	host     *resolve.Host
	captures map[string]string // path.x and hostname.x
}

// entriesFor returns every entry of the bundle that fits host and path, in
// source order, by trying them all.
func entriesFor(routes []*resolve.Route, host, path string) []entry {
	var found []entry
	for _, r := range routes {
		hosts := r.Hosts
		if len(hosts) == 0 {
			hosts = []*resolve.Host{nil}
		}
		for _, m := range r.Matches {
			for _, h := range hosts {
				captures := map[string]string{}
				if matchHost(h, host, captures) && matchPath(m.Path, path, captures) {
					found = append(found, entry{r, m, h, captures})
				}
			}
		}
	}
	return found
}

// groups sorts entries into groups of equal specificity, the most specific
// first; inside a group those with a condition come first, and otherwise
// source order stays.
func groups(entries []entry) [][]entry {
	var out [][]entry
	for len(entries) > 0 {
		best := slices.MinFunc(entries, compareEntries)
		var group, rest []entry
		for _, e := range entries {
			if compareEntries(e, best) == 0 {
				group = append(group, e)
			} else {
				rest = append(rest, e)
			}
		}
		slices.SortStableFunc(group, func(a, b entry) int {
			return unconditional(a) - unconditional(b)
		})
		out = append(out, group)
		entries = rest
	}
	return out
}

func unconditional(e entry) int {
	if e.route.When == nil {
		return 1
	}
	return 0
}

// matchHost tries a host pattern and notes its capture.
func matchHost(h *resolve.Host, host string, captures map[string]string) bool {
	switch {
	case h == nil:
		return true
	case h.Exact != "":
		return host == h.Exact
	case len(host) <= len(h.Suffix) || !strings.HasSuffix(host, h.Suffix):
		return false
	}
	if h.Capture != "" {
		captures["hostname."+h.Capture] = strings.TrimSuffix(host, h.Suffix)
	}
	return true
}

// matchPath tries a template on a canonical raw path and notes its captures.
func matchPath(t *resolve.Template, path string, captures map[string]string) bool {
	segments, trailing := segmentsOf(path)
	if len(segments) < len(t.Segments) || len(segments) > len(t.Segments) && !t.Rest {
		return false
	}
	for i, s := range t.Segments {
		got := segments[i]
		if !s.Capture {
			if got != s.Literal {
				return false
			}
			continue
		}
		if len(got) <= len(s.Prefix)+len(s.Suffix) || !strings.HasPrefix(got, s.Prefix) || !strings.HasSuffix(got, s.Suffix) {
			return false
		}
		if s.Name != "" {
			captures["path."+s.Name] = got[len(s.Prefix) : len(got)-len(s.Suffix)]
		}
	}
	if t.Rest && t.RestName != "" {
		rest := strings.Join(segments[len(t.Segments):], "/")
		if trailing && rest != "" {
			rest += "/"
		}
		captures["path."+t.RestName] = rest
	}
	return true
}

// compareEntries is negative when a is more specific than b. Both fit the same
// host and path.
func compareEntries(a, b entry) int {
	if c := compareHosts(a.host, b.host); c != 0 {
		return c
	}
	return compareTemplates(a.match.Path, b.match.Path)
}

func compareHosts(a, b *resolve.Host) int {
	class := func(h *resolve.Host) int {
		switch {
		case h == nil:
			return 2
		case h.Exact == "":
			return 1
		}
		return 0
	}
	if c := class(a) - class(b); c != 0 || class(a) != 1 {
		return c
	}
	return len(b.Suffix) - len(a.Suffix)
}

// compareTemplates goes from left to right; the first segment in which the
// templates differ decides.
func compareTemplates(a, b *resolve.Template) int {
	for i := 0; i < len(a.Segments) || i < len(b.Segments); i++ {
		if c := compareSegments(a, b, i); c != 0 {
			return c
		}
	}
	return kindAt(a, max(len(a.Segments), len(b.Segments))) - kindAt(b, max(len(a.Segments), len(b.Segments)))
}

func compareSegments(a, b *resolve.Template, i int) int {
	if c := kindAt(a, i) - kindAt(b, i); c != 0 || kindAt(a, i) != kindFixedParts {
		return c
	}
	if c := len(b.Segments[i].Prefix) - len(a.Segments[i].Prefix); c != 0 {
		return c
	}
	return len(b.Segments[i].Suffix) - len(a.Segments[i].Suffix)
}

// What a template has at a place, the most specific first.
const (
	kindLiteral = iota
	kindFixedParts
	kindPlain
	kindEnd
	kindRest
)

func kindAt(t *resolve.Template, i int) int {
	switch {
	case i >= len(t.Segments) && t.Rest:
		return kindRest
	case i >= len(t.Segments):
		return kindEnd
	case !t.Segments[i].Capture:
		return kindLiteral
	case t.Segments[i].Prefix != "" || t.Segments[i].Suffix != "":
		return kindFixedParts
	}
	return kindPlain
}

// takes reports whether a match line names the method. GET takes HEAD.
func takes(m *resolve.Match, method string) bool {
	return len(m.Methods) == 0 || slices.Contains(m.Methods, method) ||
		method == "HEAD" && slices.Contains(m.Methods, "GET")
}

// allowed is the value of the allow header for match lines that all lack the
// method of a request.
func allowed(matches []*resolve.Match) string {
	var all []string
	for _, m := range matches {
		all = append(all, m.Methods...)
		if slices.Contains(m.Methods, "GET") {
			all = append(all, "HEAD")
		}
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), ", ")
}
