package analyze

import (
	"slices"
	"strings"

	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/dsl/diag"
)

// coverage warns about scopes by template that hold on some requests of a route
// and not on others: whoever wrote the scope may have thought of all of them.
// What the when of a scope leaves out is for Switches to say.
func coverage(b *resolve.Bundle, diags *diag.List) {
	for _, s := range b.Scopes {
		if !s.Template || len(s.Matches) == 0 {
			continue
		}
		if len(s.On) == 0 && b.Unmatched != 0 { // requests that go on unmatched are worth a guard
			diags.Add(diag.EmptyScope, s.Source.Name.Span(), "no request that a route takes matches scope %s", s.Name).
				Helpf("remove it, or widen its match")
		}
		for _, r := range s.On {
			if missed := missed(b, s, r); missed != "" {
				diags.Add(diag.PartScope, s.Source.Name.Span(), "scope %s does not hold on all requests of route %s: it misses %s", s.Name, r.Name, missed).
					Note(r.Decl.Name.Span(), "the route").
					Helpf("scope %s on %s", s.Name, r.Name)
			}
		}
	}
}

// missed is a request that the route takes and the scope does not match, "" if
// none is found.
func missed(b *resolve.Bundle, s *resolve.Scope, r *resolve.Route) string {
	for _, m := range r.Matches {
		for _, h := range hosts(r) {
			for _, method := range methodsOf(m) {
				for _, host := range hostsOf(h) {
					for _, path := range paths(m.Path) {
						if !takes(&s.Route, method, host, path) && !elsewhere(b, r, hostRank(h)+pathRank(m.Path), host, path) {
							return method + " " + host + sent(path)
						}
					}
				}
			}
		}
	}
	return ""
}

// methodsOf are the methods of a match; of one that takes any, those that are
// most common and one that nobody names.
func methodsOf(m *resolve.Match) []string {
	if m.Methods == nil {
		return []string{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"}
	}
	all := append([]string{}, m.Methods...)
	for _, x := range m.Methods {
		if x == "GET" {
			all = append(all, "HEAD")
		}
	}
	return all
}

// hostsOf are hosts that a pattern takes.
func hostsOf(h *resolve.Host) []string {
	switch {
	case h == nil:
		return []string{"", "somewhere.example"}
	case h.Exact != "":
		return []string{h.Exact}
	}
	return []string{"a" + h.Suffix, "a.b" + h.Suffix}
}

// paths are paths that a template takes.
func paths(t *resolve.Template) []string {
	first := witness(t)
	all := []string{first}
	if t.Rest {
		base := strings.TrimSuffix(first, "/")
		all = append(all, base+"/x", base+"/x/x")
	}
	return all
}

// takes reports whether a block matches a request. An empty host is any that no
// pattern names.
func takes(r *resolve.Route, method, host, path string) bool {
	for _, m := range r.Matches {
		if !names(m, method) || !fits(m.Path, path) {
			continue
		}
		for _, h := range hosts(r) {
			if h == nil || host != "" && h.Matches(host) {
				return true
			}
		}
	}
	return false
}

func names(m *resolve.Match, method string) bool {
	return m.Methods == nil || slices.Contains(m.Methods, method) || method == "HEAD" && slices.Contains(m.Methods, "GET")
}

// elsewhere reports whether another route takes a path before a pattern of this
// rank does.
func elsewhere(b *resolve.Bundle, r *resolve.Route, rank, host, path string) bool {
	for _, o := range b.Routes {
		if o == r || o.When != nil {
			continue
		}
		for _, m := range o.Matches {
			for _, h := range hosts(o) {
				if (h == nil || host != "" && h.Matches(host)) && fits(m.Path, path) && hostRank(h)+pathRank(m.Path) < rank {
					return true
				}
			}
		}
	}
	return false
}
