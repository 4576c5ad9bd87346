package analyze

import (
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
)

// Switches warns about scopes by template whose when the client alone can make
// false: whoever writes the request chooses to go without the scope's rules.
// clientFalse says so of a condition.
func Switches(b *resolve.Bundle, clientFalse func(when *ast.Expr) bool, diags *diag.List) {
	for _, s := range b.Scopes {
		if !s.Template || s.When == nil || !clientFalse(s.When) {
			continue
		}
		help := "write the condition into the rules that need it, or let it depend on source, which a client does not choose"
		for _, r := range s.On {
			if request := met(b, s, r); request != "" {
				diags.Add(diag.ScopeSwitch, s.When.Span(), "whoever sends the request can make this false: %s then goes through route %s without the rules of scope %s", request, r.Name, s.Name).
					Note(r.Decl.Name.Span(), "the route").Helpf("%s", help)
				break
			}
		}
		if len(s.On) == 0 && b.Unmatched == 0 && len(s.Matches) > 0 {
			method, _ := commonMethod(s.Matches[0].Methods, nil)
			diags.Add(diag.ScopeSwitch, s.When.Span(), "whoever sends the request can make this false: %s is then forwarded without the rules of scope %s", method+" "+hostText(hosts(&s.Route)[0])+sent(witness(s.Matches[0].Path)), s.Name).
				Helpf("%s", help)
		}
	}
}

// met is a request that the route takes and the scope matches, "" if none is
// found.
func met(b *resolve.Bundle, s *resolve.Scope, r *resolve.Route) string {
	for _, block := range []*resolve.Route{r, &s.Route} {
		for _, m := range block.Matches {
			for _, h := range append(hosts(r), hosts(&s.Route)...) {
				for _, method := range methodsOf(m) {
					for _, host := range hostsOf(h) {
						for _, path := range paths(m.Path) {
							if rank, ok := takenBy(r, method, host, path); ok && takes(&s.Route, method, host, path) && !elsewhere(b, r, rank, host, path) {
								return method + " " + host + sent(path)
							}
						}
					}
				}
			}
		}
	}
	return ""
}

// takenBy is the rank of the first pattern of a route that takes a request.
func takenBy(r *resolve.Route, method, host, path string) (string, bool) {
	for _, m := range r.Matches {
		if !names(m, method) || !fits(m.Path, path) {
			continue
		}
		for _, h := range hosts(r) {
			if h == nil || host != "" && h.Matches(host) {
				return hostRank(h) + pathRank(m.Path), true
			}
		}
	}
	return "", false
}
