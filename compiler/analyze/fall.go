package analyze

import (
	"strings"

	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/dsl/diag"
)

// falls warns when a false when takes a request from an authenticated route to
// a public one: whoever controls the condition chooses not to authenticate.
func falls(b *resolve.Bundle, r *resolve.Route, diags *diag.List) {
	if r.When == nil || r.Public || r.Optional {
		return
	}
	for _, m := range r.Matches {
		for _, h := range hosts(r) {
			method, _ := commonMethod(m.Methods, nil)
			host, paths := hostText(h), []string{witness(m.Path)}
			if m.Path.Rest {
				paths = append(paths, strings.TrimSuffix(paths[0], "/")+"/x/x")
			}
			for _, path := range paths {
				if next := nextRoute(b, r, hostRank(h)+pathRank(m.Path), method, host, path); next != nil && next.Public {
					diags.Add(diag.FallsToPublic, r.When.Span(), "when this is false, %s goes to route %s, which is public", method+" "+host+sent(path), next.Name).
						Note(next.Decl.Name.Span(), "the public route").
						Helpf("make the condition a deny, or authenticate %s too", next.Name)
					return
				}
			}
		}
	}
}

// nextRoute is the route that a request gets when the condition of r is false
// and those of other routes do not help. rank is that of the pattern of r that
// the request matches: what another route takes before it falls nowhere. The
// template decides before the method does.
func nextRoute(b *resolve.Bundle, r *resolve.Route, rank, method, host, path string) *resolve.Route {
	var best *resolve.Route // nil while the best template has no route with the method
	bestRank := ""
	for _, o := range b.Routes {
		if o == r || o.When != nil {
			continue
		}
		for _, m := range o.Matches {
			if !fits(m.Path, path) {
				continue
			}
			_, common := commonMethod(m.Methods, []string{method})
			for _, h := range hosts(o) {
				if h != nil && !h.Matches(host) {
					continue
				}
				k := hostRank(h) + pathRank(m.Path)
				if k < rank {
					return nil
				}
				if bestRank == "" || k < bestRank {
					best, bestRank = nil, k
				}
				if k == bestRank && common && best == nil {
					best = o
				}
			}
		}
	}
	return best
}

// fits reports whether a path, made by witness, matches a template.
func fits(t *resolve.Template, path string) bool {
	var segs []string
	if p := strings.Trim(path, "/"); p != "" {
		segs = strings.Split(p, "/")
	}
	if len(segs) < len(t.Segments) || len(segs) > len(t.Segments) && !t.Rest {
		return false
	}
	for i, s := range t.Segments {
		got := segs[i]
		if s.Capture {
			if len(got) <= len(s.Prefix)+len(s.Suffix) || !strings.HasPrefix(got, s.Prefix) || !strings.HasSuffix(got, s.Suffix) {
				return false
			}
		} else if got != s.Literal {
			return false
		}
	}
	return true
}

// hostRank and pathRank order patterns as text: the smaller is more specific.
func hostRank(h *resolve.Host) string {
	switch {
	case h == nil:
		return "2"
	case h.Exact != "":
		return "0"
	}
	return "1" + rank(len(h.Suffix))
}

func pathRank(t *resolve.Template) string {
	var b strings.Builder
	for _, s := range t.Segments {
		switch {
		case !s.Capture:
			b.WriteString("1")
		case s.Prefix+s.Suffix != "":
			b.WriteString("2" + rank(len(s.Prefix)) + rank(len(s.Suffix)))
		default:
			b.WriteString("3")
		}
	}
	if t.Rest {
		return b.String() + "4"
	}
	return b.String() + "0"
}

// rank is a byte that is smaller the longer a text is.
func rank(n int) string { return string(rune(0x7f - min(n, 0x7e))) }
