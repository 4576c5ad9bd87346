// Package lower turns a checked bundle into decision IR: names become slots,
// the order of a request becomes the order of the data, macros and operators
// become operations. What the back end cannot do yet is refused here, with the
// place in the policy.
//
// It knows neither Go code nor the runtime.
package lower

import (
	"sort"
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// Limits of the runtime's fixed arrays (runtime/core Request).
const (
	maxHeaders    = 32
	maxQueries    = 16
	maxCookies    = 16
	maxAttributes = 16
	maxCaptures   = 16
)

// Lower builds the IR of a checked bundle. With errors in diags the result
// must not be used.
func Lower(b *check.Bundle, digest string, diags *diag.List) *ir.Bundle {
	l := &lowerer{
		Bundle: &ir.Bundle{Name: b.Name, Digest: digest, Unmatched: b.Unmatched, Owned: b.Owned, MinEnvoy: types.BaseEnvoy},
		check:  b,
		diags:  diags,
		auths:  map[*resolve.Auth]int{},

		identityLets: map[string]bool{},
	}
	l.Decisions = b.Decisions
	l.MaxBody = b.BoundOf(nil)
	l.Normalize = b.Normalize
	l.NeedsNow = b.Decisions != "" // a record has the time
	for status, body := range b.Replies {
		l.Replies = append(l.Replies, ir.Reply{Status: status, Body: body.Text, JSON: body.JSON})
	}
	sort.Slice(l.Replies, func(i, j int) bool { return l.Replies[i].Status < l.Replies[j].Status })
	l.claims()
	for _, a := range b.Auths {
		l.auth(a)
	}
	l.tables()
	l.buckets()
	for _, let := range b.Lets {
		l.let(let)
	}
	l.scopes()
	for _, r := range b.Routes {
		l.route(r)
	}
	l.stray()
	l.Bundle.Number()
	l.limits()
	return l.Bundle
}

type lowerer struct {
	*ir.Bundle
	check *check.Bundle
	diags *diag.List
	auths map[*resolve.Auth]int
	// identityLets are the lets that read who the client is.
	identityLets map[string]bool
	over         map[*resolve.Scope]int
	bucket       map[*resolve.Limit]int
}

// slot returns the index of a name in a list, adding it if it is new.
func slot(list *[]string, name string) int {
	for i, n := range *list {
		if n == name {
			return i
		}
	}
	*list = append(*list, name)
	return len(*list) - 1
}

// claims lays out the identity: each field in the type in which every auth of
// the bundle can give it.
func (l *lowerer) claims() {
	fields, clash := check.ClaimTypes(l.check.Auths)
	names := make([]string, 0, len(fields))
	for n := range fields {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		l.Claims = append(l.Claims, ir.Claim{Name: n, Type: fields[n]})
	}
	for n, two := range clash {
		l.diags.Add(diag.NotYet, two[1].Span(), "claim %s has two types in this bundle: that is not supported yet", n).
			Note(two[0].Span(), "the other type").Helpf("rename one of them")
	}
}

func (l *lowerer) auth(a *resolve.Auth) {
	o := &ir.Auth{Name: a.Name, Place: string(a.Place), Field: a.Field, Span: a.Decl.Span(), Reload: a.Reload, File: a.File}
	for _, f := range a.Claims {
		o.Claims = append(o.Claims, ir.Claim{Name: f.Name.Text, Type: check.ClaimType(f)})
	}
	switch a.Place {
	case resolve.InHeader:
		o.Slot = slot(&l.Headers, a.Field)
	case resolve.InQuery:
		o.Slot = slot(&l.Queries, a.Field)
	case resolve.InCookie:
		o.Slot = slot(&l.Cookies, a.Field)
	}
	for _, k := range a.Keys {
		key := ir.Key{Digest: k.Digest, Subject: k.Subject, Groups: k.Groups}
		for _, c := range l.Claims {
			var v any
			for i, f := range a.Claims {
				if f.Name.Text == c.Name {
					v = k.Claims[i]
				}
			}
			key.Claims = append(key.Claims, v)
		}
		o.Keys = append(o.Keys, key)
	}
	l.auths[a] = len(l.Bundle.Auths)
	l.Bundle.Auths = append(l.Bundle.Auths, o)
}

func (l *lowerer) let(k *check.Let) {
	o := &ir.Let{Name: k.Name, Call: k.Call, Span: k.Decl.Span()}
	x := &expression{lowerer: l}
	o.Value = x.function(o, k.Params, l.check.Exprs[k.Decl.Value].Folded())
	l.Bundle.Lets = append(l.Bundle.Lets, o)
	l.identityLets[o.Name] = l.needsIdentity(o.Value)
}

// limits refuses a bundle that reads more than a frame can carry.
func (l *lowerer) limits() {
	for _, k := range []struct {
		what string
		n    int
		most int
	}{
		{"request headers", len(l.Headers), maxHeaders},
		{"query parameters", len(l.Queries), maxQueries},
		{"cookies", len(l.Cookies), maxCookies},
		{"query parameters as lists", len(l.Lists), maxQueries},
		{"attributes", len(l.Attributes), maxAttributes},
	} {
		if k.n > k.most {
			var at source.Span
			if len(l.check.Source.Files) > 0 {
				at = source.Span{File: l.check.Source.Files[0].Source}
			}
			l.diags.Add(diag.TooComplex, at, "bundle %s reads %d different %s; at most %d are supported", l.Name, k.n, k.what, k.most)
		}
	}
}

func (l *lowerer) route(r *resolve.Route) {
	o := &ir.Route{Name: r.Name, FullName: r.FullName, Span: r.Decl.Span(), Public: r.Public, Optional: r.Optional, KeepCredential: r.ForwardCredential}
	o.MaxBody = l.check.BoundOf(r)
	o.Captures = captures(r)
	if len(o.Captures) > maxCaptures {
		l.diags.Add(diag.TooComplex, r.Decl.Name.Span(), "route %s binds %d captures; at most %d are supported", r.Name, len(o.Captures), maxCaptures)
		return
	}
	for _, m := range r.Matches {
		o.Patterns = append(o.Patterns, patterns(m, r, &o.Captures)...)
	}
	for _, a := range r.Auths {
		o.Auths = append(o.Auths, l.auths[a])
	}
	x := &expression{lowerer: l, route: o}
	o.When = x.of(r.When)
	o.Decisions = x.decisions(r)
	for _, s := range r.Scopes {
		o.Scopes = append(o.Scopes, l.over[s])
	}
	l.headers(x, r, o)
	o.Sharing = l.sharing(r)
	l.fate(x, r, o)
	l.Bundle.Routes = append(l.Bundle.Routes, o)
}

// headers puts the header rules into the order in which they are carried out.
func (l *lowerer) headers(x *expression, r *resolve.Route, o *ir.Route) {
	rules := append([]*resolve.HeaderRule{}, r.Headers...)
	in := map[*resolve.HeaderRule]int{} // scopes by template
	for _, s := range r.Scopes {
		rules = append(rules, s.Headers...)
		for _, h := range s.Headers {
			if s.Template {
				in[h] = l.over[s]
			}
		}
	}
	sort.SliceStable(rules, func(i, j int) bool { return rules[i].Op < rules[j].Op })
	ops := map[ast.HeaderOp]ir.HeaderOp{ast.Remove: ir.Remove, ast.Set: ir.Set, ast.SetIfAbsent: ir.SetIfAbsent, ast.Add: ir.Add}
	for _, h := range rules {
		x.scope = nil
		scope, within := in[h]
		if within {
			x.scope = &ir.Route{Name: o.Name, Captures: l.Bundle.Scopes[scope].Captures}
		} else {
			scope = -1
		}
		k := &ir.HeaderRule{Rule: ir.Rule{Name: h.Name, When: x.of(h.When), OnSkip: h.OnError == "skip", Span: h.Span, Comment: comment(h.Span)},
			Op: ops[h.Op], Header: h.Header, Value: x.of(h.Value)}
		if idle(k) {
			continue
		}
		if h.Prefix {
			k.Op = ir.RemoveAll
		}
		switch {
		case h.Response:
		case r.Answers():
			continue // nothing is forwarded: only a scope can say so here
		case k.Op == ir.Remove:
			slot(&l.Removed, h.Header)
		case k.Op == ir.RemoveAll:
			slot(&l.Removed, h.Header+"*")
		}
		k.Slot, k.Scope = -1, scope
		if k.Op == ir.SetIfAbsent && !h.Response && !touched(o.Request, h.Header) {
			k.Slot = slot(&l.Headers, h.Header)
		}
		if h.Response {
			x.answer(k, h)
			o.Response = append(o.Response, k)
		} else {
			o.Request = append(o.Request, k)
		}
	}
	x.scope = nil
}

// touched reports whether earlier rules change a header.
func touched(rules []*ir.HeaderRule, header string) bool {
	for _, k := range rules {
		if k.Header == header || k.Op == ir.RemoveAll && strings.HasPrefix(header, k.Header) {
			return true
		}
	}
	return false
}

// comment is the rule as its author wrote it, on one line.
func comment(s source.Span) string { return strings.Join(strings.Fields(s.Text()), " ") }

// needsIdentity reports whether an expression reads the identity, lets seen
// through.
func (l *lowerer) needsIdentity(e *ir.Expr) bool {
	found := false
	e.Walk(func(n *ir.Expr) {
		switch n.Op {
		case "identity", "claim":
			found = true
		case "let":
			found = found || l.identityLets[n.Name]
		}
	})
	return found
}

// expression lowers the expressions of one route, or of the lets.
type expression struct {
	*lowerer
	route *ir.Route
	scope *ir.Route          // whose captures are meant, or nil: those of route
	bound map[string]binding // parameters and names bound by macros
	// params are the parameters alone, which .name means.
	params map[string]binding
	names  map[string]int // how often each name was taken in the expression at hand
	// lenient keeps constants that fail for run time: tests of CEL's errors
	// want them.
	lenient bool
}

// of lowers the checked form of a written expression.
func (x *expression) of(e *ast.Expr) *ir.Expr {
	if e == nil {
		return nil
	}
	x.names = nil
	return x.lower(x.check.Exprs[e].Folded())
}

// function lowers the value of a let and adds its parameters.
func (x *expression) function(to *ir.Let, params []celfront.Variable, root *celfront.Expr) *ir.Expr {
	x.bound, x.names = map[string]binding{}, nil
	for _, p := range params {
		b := binding{name: x.fresh(p.Name), typ: p.Type}
		to.Params = append(to.Params, ir.Param{Name: b.name, Type: p.Type})
		x.bound[p.Name] = b
	}
	x.params = x.bound
	return x.lower(root)
}

// Function lowers a bare expression as a let with parameters, which are all
// that it reads. Tests hold CEL alone against other implementations so: what
// fails when it is evaluated is kept for then.
func Function(name string, params []celfront.Variable, root *celfront.Expr, diags *diag.List) *ir.Let {
	o := &ir.Let{Name: name, Call: true, Span: root.Span}
	x := &expression{lowerer: &lowerer{Bundle: &ir.Bundle{}, diags: diags, identityLets: map[string]bool{}}, lenient: true}
	o.Value = x.function(o, params, root)
	return o
}
