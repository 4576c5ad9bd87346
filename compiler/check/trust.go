package check

import (
	"sort"
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// fold makes header names comparable: an underscore counts as a hyphen,
// because many upstreams see no difference.
func fold(name string) string { return strings.ReplaceAll(strings.ToLower(name), "_", "-") }

// owned finds the request headers that the bundle writes from verified or
// constant values. It reads trust from the names alone, before any expression
// of a route is typed, because reading an owned header is itself an error.
func (c *checker) owned() {
	first := map[string]source.Span{}
	for _, r := range c.blocks() {
		for _, h := range r.Headers {
			if h.Response || h.Op != ast.Set || h.Value == nil || c.readsBroken(h.Value) {
				continue // nobody knows what a broken let would have been
			}
			if !c.chosen(h) {
				if _, ok := first[fold(h.Header)]; !ok {
					first[fold(h.Header)] = h.Place()
				}
			}
		}
	}
	for n := range first {
		c.Owned = append(c.Owned, n)
	}
	sort.Strings(c.Owned)
	for _, a := range c.Auths {
		if at, ok := first[fold(a.Field)]; ok && a.Place == resolve.InHeader {
			c.diags.Add(diag.OwnedHeader, at, "auth %s reads its key from %s: a header that the bundle writes is removed from every incoming request, and nobody could log in", a.Name, a.Field).
				Note(a.Decl.Name.Span(), "the auth").Helpf("write another header; the credential itself is not forwarded anyway")
		}
	}
	for _, r := range c.blocks() {
		for _, h := range r.Headers {
			if h.Response || h.Op == ast.Remove {
				continue
			}
			if h.Op == ast.Set {
				if c.readsBroken(h.Value) {
					continue
				}
				if at, ok := first[fold(h.Header)]; ok && c.chosen(h) {
					c.diags.Add(diag.OwnedHeader, h.Place(), "%s is owned by the bundle, and this value is the client's: whoever reads the header cannot tell them apart", h.Header).
						Note(at, "it is written from a verified value here").Helpf("use another header")
				}
				continue
			}
			if at, ok := first[fold(h.Header)]; ok {
				what := map[ast.HeaderOp]string{ast.Add: "add", ast.SetIfAbsent: "if absent"}[h.Op]
				c.diags.Add(diag.OwnedHeader, h.Place(), "%s is owned by the bundle: it never arrives, so %s means nothing", h.Header, what).
					Note(at, "it is written here").Helpf("use a plain set, or another header")
			}
		}
	}
}

// clientChosen reports whether a value can depend on what the client sent.
func (c *checker) clientChosen(text string) bool {
	for _, n := range celfront.References(text) {
		if n == celfront.RequestVar || strings.HasPrefix(n, "path.") || strings.HasPrefix(n, "hostname.") {
			return true
		}
		if a := types.Find(n); a != nil && (a.Trust == types.Client || a.Phase == types.Response) {
			return true
		}
		if rd, ok := c.reads[c.qualified(n)]; ok && len(rd.Client) > 0 {
			return true
		}
	}
	return false
}

// ownedReads refuses reading a header that is always removed.
func (c *checker) ownedReads(e *celfront.Expr) {
	e.Walk(func(n *celfront.Expr) bool {
		name, ok := readHeader(n)
		if !ok {
			return true
		}
		if a := CredentialIn(c.Auths, name); a != nil {
			c.diags.Add(diag.CredentialRead, n.Span, "%s holds the credential of auth %s, which no rule may see", name, a.Name).
				Helpf("identity says whose it is; cookie(…) reads one other cookie, and forward credential hands the credential on")
			return true
		}
		i := sort.SearchStrings(c.Owned, fold(name))
		if i < len(c.Owned) && c.Owned[i] == fold(name) {
			c.diags.Add(diag.OwnedHeader, n.Span, "%s is owned by the bundle: it is removed from every incoming request", name).
				Helpf("read the value that the bundle writes into it instead")
		}
		return true
	})
}

// readHeader returns the constant name of the request header that a node reads.
func readHeader(n *celfront.Expr) (string, bool) {
	constant := func(e *celfront.Expr) (string, bool) {
		s, ok := e.Value.(string)
		return s, ok && e.Op == celfront.Const
	}
	isHeaders := func(e *celfront.Expr) bool { return e.Op == celfront.Var && e.Name == "request.headers" }
	switch {
	case n.Op == celfront.Call && (n.Overload == "header" || n.Overload == "header_values"):
		return constant(n.Args[0])
	case n.Op == celfront.Call && (n.Name == "_[_]" || n.Name == "_[?_]" || n.Name == "_?._") && isHeaders(n.Args[0]):
		return constant(n.Args[1])
	case n.Op == celfront.Call && n.Name == "@in" && isHeaders(n.Args[1]):
		return constant(n.Args[0])
	case (n.Op == celfront.Select || n.Op == celfront.Has) && isHeaders(n.Args[0]):
		return n.Name, true
	}
	return "", false
}

// clientAllow warns about an alternative of an allow that the client alone can
// make true.
func (c *checker) clientAllow(e *celfront.Expr) {
	if e.Op == celfront.Call && e.Name == "_||_" {
		for _, a := range e.Args {
			c.clientAllow(a)
		}
		return
	}
	rd := c.read(e)
	if len(rd.Client) > 0 && len(rd.Other) == 0 {
		c.diags.Add(diag.ClientAllow, e.Span, "whoever sends the request chooses everything that this allow reads").
			Helpf("let it depend on identity or source too")
	}
}

// warnings points out comparisons that are easily fooled.
func (c *checker) warnings(e *celfront.Expr) {
	e.Walk(func(n *celfront.Expr) bool {
		if n.Op == celfront.Var && n.Name == "request.raw_path" {
			c.diags.Add(diag.RawPath, n.Span, "request.raw_path is the path as it was sent").Helpf("request.url_path")
		}
		if n.Op == celfront.Call && (n.Name == "_==_" || n.Name == "_!=_") {
			for i, a := range n.Args {
				if a.Op != celfront.Call && a.Op != celfront.Select {
					continue
				}
				if name, ok := readHeader(a); ok && a.Overload != "header" && a.Overload != "header_values" {
					d := c.diags.Add(diag.JoinedHeader, a.Span, "several %s headers arrive here as one value, joined with commas", name)
					if other := n.Args[1-i]; other.Type.Kind == types.String {
						d.Helpf("header_values(%q) %s [%s]", name, strings.Trim(n.Name, "_"), other.Span.Text())
					}
				}
			}
		}
		return true
	})
}

// constants checks literal arguments that would fail on every request, or
// never find anything.
func (c *checker) constants(e *celfront.Expr) {
	e.Walk(func(n *celfront.Expr) bool {
		if name, ok := readHeader(n); ok {
			c.headerName(n, name)
			return true
		}
		c.constantTime(n)
		if n.Op == celfront.Call && strings.HasPrefix(n.Name, "yaml.") {
			c.diags.Add(diag.NotYetExpr, n.Span, "YAML is not part of the language").Helpf("%s", strings.Replace(n.Span.Text(), "yaml.", "json.", 1))
		}
		if n.Op == celfront.Call && requestFunction(n) {
			switch name, ok := n.Args[0].Value.(string); {
			case !ok || n.Args[0].Op != celfront.Const:
				c.diags.Add(diag.NotYetExpr, n.Args[0].Span, "%s( ) takes a constant name: the compiler must know what a policy reads", n.Name)
			case name == "":
				c.diags.Add(diag.BadExpression, n.Args[0].Span, "nothing has an empty name").Helpf("%s(%q)", n.Name, "name")
			}
		}
		return true
	})
}

// headerName refuses the name of a header that no request can have. In
// header( ) letters of both cases are one; the keys of request.headers are
// lower-case.
func (c *checker) headerName(n *celfront.Expr, name string) {
	lower := strings.ToLower(name)
	if why := resolve.BadHeaderName(lower); why != "" {
		c.diags.Add(diag.BadHeaderName, n.Span, "%q is not a header name: %s", name, why)
		return
	}
	if lower != name && n.Overload != "header" && n.Overload != "header_values" {
		c.diags.Add(diag.BadHeaderName, n.Span, "the keys of request.headers are lower-case: %s is never found", name).
			Helpf("%s", strings.Replace(n.Span.Text(), name, lower, 1))
	}
}
