package check

import (
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/diag"
)

// unencoded warns where decoded text that a client chose gets into a computed
// path or URL: a ? in it begins a query that nobody has decided on. rule is the
// form that encodes captures.
func (s *scope) unencoded(x *celfront.Checked, rule string) {
	at := s.clientText(x.Root, map[string]bool{})
	if at == nil {
		return
	}
	d := s.diags.Add(diag.Unencoded, at.Span, "whoever sends the request can write a query here: this text is decoded, and not encoded again")
	if text, ok := captureForm(x.Root); ok {
		d.Helpf("%s %q", rule, text)
	} else {
		d.Helpf(`%s "/...{name}": captures are encoded there`, rule)
	}
}

// clientText finds a node whose text the client chose freely, and that becomes
// part of a value; nil for none. What only decides between values does not.
func (s *scope) clientText(e *celfront.Expr, within map[string]bool) *celfront.Expr {
	switch e.Type.Kind {
	case types.Bool, types.Int, types.Uint, types.Double, types.Timestamp, types.Duration:
		return nil
	}
	switch e.Op {
	case celfront.Var:
		if strings.HasPrefix(e.Name, "path.") || e.Name == "request.headers" || e.Name == "request.useragent" || e.Name == "request.referer" || e.Name == "request.id" {
			return e
		}
		return s.clientLet(e, within)
	case celfront.Call:
		if requestFunction(e) {
			return e
		}
		if strings.HasPrefix(e.Overload, "let_") {
			if at := s.clientLet(e, within); at != nil {
				return at
			}
		}
	}
	args := e.Args
	if e.Op == celfront.Call && (e.Name == "_[_]" || e.Name == "_[?_]") {
		args = args[:1] // a key is not part of what it finds
	}
	for _, a := range args {
		if at := s.clientText(a, within); at != nil {
			return at
		}
	}
	return nil
}

// clientLet looks through a let, at the place that reads it.
func (s *scope) clientLet(e *celfront.Expr, within map[string]bool) *celfront.Expr {
	l, ok := s.lets[e.Name]
	if !ok || within[e.Name] || s.Exprs[l.Decl.Value] == nil {
		return nil
	}
	within[e.Name] = true
	defer delete(within, e.Name)
	if s.clientText(s.Exprs[l.Decl.Value].Root, within) != nil {
		return e
	}
	return nil
}

// captureForm writes a sum of texts and captures as the text of a target.
func captureForm(e *celfront.Expr) (string, bool) {
	switch {
	case e.Op == celfront.Call && e.Name == "_+_" && len(e.Args) == 2:
		a, ok := captureForm(e.Args[0])
		b, also := captureForm(e.Args[1])
		return a + b, ok && also
	case e.Op == celfront.Var && strings.HasPrefix(e.Name, "path."):
		return "{" + strings.TrimPrefix(e.Name, "path.") + "}", true
	case e.Op == celfront.Const:
		t, ok := e.Value.(string)
		return t, ok && !strings.ContainsAny(t, "{}")
	}
	return "", false
}
