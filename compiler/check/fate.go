package check

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
)

// fate checks what becomes of the requests of a route: forward, redirect and
// rewrite, and what is dangerous about them.
func (s *scope) fate() {
	r := s.route
	if f := r.Forward; f != nil {
		for _, k := range f.Cases {
			s.fateExpr(k.When, types.BoolType, "forward ... when", k.OnError)
		}
		if x := s.fateExpr(f.Choice, types.StringType, "forward to", f.OnError); x != nil {
			if rd := s.read(x.Root); len(rd.Client) > 0 && len(rd.Other) == 0 {
				s.diags.Add(diag.ClientForward, f.Choice.Span(), "whoever sends the request chooses the cluster").
					Helpf("let it depend on identity or source too")
			}
		}
		s.fateExpr(f.Sticky, types.StringType, "sticky by", f.OnError)
	}
	for _, w := range []*resolve.Rewrite{r.RewritePath, r.RewriteHost} {
		if w != nil {
			if x := s.fateExpr(w.Expr, types.StringType, "a path", w.OnError); x != nil {
				s.unencoded(x, "rewrite path")
			}
		}
	}
	if d := r.Redirect; d != nil {
		if x := s.fateExpr(d.Expr, types.StringType, "the target of a redirect", d.OnError); x != nil {
			if !s.openRedirect(x) {
				s.unencoded(x, fmt.Sprintf("redirect %d", d.Status))
			}
		}
		if d.HTTPS && !s.readsScheme() {
			s.diags.Add(diag.RedirectLoop, d.Span, "a request that came by https is sent to itself").
				Helpf(`when request.scheme == "http"`)
		}
	}
	s.unsafeRetry()
}

func (s *scope) fateExpr(e *ast.Expr, want *types.Type, place, onError string) *celfront.Checked {
	if e == nil {
		return nil
	}
	var x *celfront.Checked
	if want == types.BoolType {
		x = s.boolean(e, place)
	} else if x = s.expr(s.env, e, want, place); x != nil {
		s.names(x)
	}
	if x != nil {
		s.decision(x, inRoute)
		s.mayFail(x, onError, inHeader)
	}
	return x
}

// safeStart is text that fixes where a redirect goes, whatever follows.
var safeStart = regexp.MustCompile(`^(https?://[^/?#\\@]+[/?#]|/[^/\\])`)

// openRedirect warns where the client can choose the host of a redirect, and
// reports whether it has.
func (s *scope) openRedirect(x *celfront.Checked) bool {
	if len(s.read(x.Root).Client) == 0 || s.fixedStart(x.Root) {
		return false
	}
	s.diags.Add(diag.OpenRedirect, x.Root.Span, "whoever sends the request can choose where this goes").
		Helpf(`begin it with a fixed host or path, as in "https://www.example.com" + request.url_path`)
	return true
}

// fixedStart reports whether a value begins with text that fixes where a
// redirect goes.
func (s *scope) fixedStart(e *celfront.Expr) bool {
	var texts []string
	var next *celfront.Expr
	var walk func(e *celfront.Expr) bool // true to go on to the right
	walk = func(e *celfront.Expr) bool {
		if e.Op == celfront.Call && e.Name == "_+_" && len(e.Args) == 2 {
			return walk(e.Args[0]) && walk(e.Args[1])
		}
		if v, ok := e.Value.(string); ok && e.Op == celfront.Const {
			texts = append(texts, v)
			return true
		}
		next = e
		return false
	}
	if e.Op == celfront.Call && e.Name == "_?_:_" {
		return s.fixedStart(e.Args[1]) && s.fixedStart(e.Args[2])
	}
	walk(e)
	start := strings.Join(texts, "")
	if next != nil && next.Op == celfront.Var && (next.Name == "request.url_path" || next.Name == "request.path") {
		start += "/x" // a canonical path begins with one slash
	}
	if next == nil {
		return true
	}
	return safeStart.MatchString(start)
}

// readsScheme reports whether the route's when looks at the scheme.
func (s *scope) readsScheme() bool {
	if s.route.When == nil || s.Exprs[s.route.When] == nil {
		return false
	}
	found := false
	var look func(e *celfront.Expr)
	look = func(e *celfront.Expr) {
		e.Walk(func(n *celfront.Expr) bool {
			found = found || n.Op == celfront.Var && n.Name == "request.scheme"
			if l, ok := s.lets[n.Name]; ok && s.Exprs[l.Decl.Value] != nil && !found {
				look(s.Exprs[l.Decl.Value].Root)
			}
			return true
		})
	}
	look(s.Exprs[s.route.When].Root)
	return found
}

// unsafeRetry warns where a request that may have done something is sent again.
func (s *scope) unsafeRetry() {
	t := s.route.Retry
	if t == nil {
		return
	}
	harmless := len(t.Statuses)+len(t.GRPC) == 0
	for _, on := range t.On {
		harmless = harmless && (on == "connect-failure" || on == "refused-stream" || on == "reset-before-request")
	}
	if harmless {
		return
	}
	methods := t.Methods
	if methods == nil {
		for _, m := range s.route.Matches {
			if m.Methods == nil {
				methods = []string{"POST"} // any
				break
			}
			methods = append(methods, m.Methods...)
		}
	}
	for _, m := range methods {
		if !repeatable[m] {
			s.diags.Add(diag.UnsafeRetry, t.Span, "a %s that the upstream has begun is sent again: it may be done twice", m).
				Helpf("%s", s.harmlessRetry())
			return
		}
	}
}

// repeatable are the methods that may be done twice.
var repeatable = words("GET HEAD OPTIONS TRACE PUT DELETE QUERY")

// harmlessRetry says how a retry does no harm: for methods of the route that may
// be done twice, where it has any.
func (s *scope) harmlessRetry() string {
	var names []string
	for _, m := range s.route.Matches {
		methods := m.Methods
		if methods == nil {
			methods = []string{"GET", "PUT", "DELETE"}
		}
		for _, n := range methods {
			if repeatable[n] && !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	if len(names) > 0 {
		return "retry ... for " + strings.Join(names, ", ")
	}
	return fmt.Sprintf(`retry %d on "connect-failure", "refused-stream"`, s.route.Retry.Count)
}
