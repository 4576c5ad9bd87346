package resolve

import (
	"strings"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// header resolves set, add and remove.
func (b *block) header(n *ast.HeaderRule) {
	h := &HeaderRule{Op: n.Op, Response: n.Response, Value: n.Value, Header: strings.ToLower(n.Name.Value)}
	side := "request"
	if n.Response {
		side = "response"
	}
	// Header rules cannot be named; they are called by what they do, to which
	// header: shop.orders.set.request.x-user.
	h.Rule = b.base(n, b.route.FullName+"."+kind(n)+"."+side+"."+h.Header, n.When)
	if rest, ok := strings.CutSuffix(h.Header, "*"); ok {
		if n.Op != ast.Remove {
			b.diags.Add(diag.BadHeaderName, n.Name.Span(), "only remove takes a prefix; %s needs one header", kind(n))
			return
		}
		h.Header, h.Prefix = rest, true
		if covered := covers(rest); covered != "" {
			b.diags.Add(diag.ForbiddenHeader, n.Name.Span(), "%q would remove %s: %s", h.Header+"*", covered, forbiddenHeader(covered)).
				Helpf("name more of the prefix, such as \"x-internal-*\"")
			return
		}
		if len(rest) < 2 {
			b.diags.Add(diag.BadHeaderName, n.Name.Span(), "the prefix %q would remove nearly every header", rest).
				Helpf("name at least two characters, such as \"x-internal-*\"")
			return
		}
	}
	if strings.Contains(h.Header, "*") {
		b.diags.Add(diag.BadHeaderName, n.Name.Span(), "%q: a * can stand at the end only, where it makes a prefix", n.Name.Value)
		return
	}
	if why := BadHeaderName(h.Header); why != "" {
		b.diags.Add(diag.BadHeaderName, n.Name.Span(), "%q is not a header name: %s", n.Name.Value, why)
		return
	}
	if why := forbiddenHeader(h.Header); why != "" {
		d := b.diags.Add(diag.ForbiddenHeader, n.Name.Span(), "%s cannot be changed by a policy: %s", h.Header, why)
		if h.Header == "host" {
			d.Help = `rewrite host "upstream.example.com"`
		}
		return
	}
	b.headerConflict(h, n)
	b.route.Headers = append(b.route.Headers, h)
}

// headerConflict refuses two unconditional sets of one header: both hold for
// every request, and one would be lost.
func (b *block) headerConflict(h *HeaderRule, n *ast.HeaderRule) {
	if h.Op != ast.Set && h.Op != ast.SetIfAbsent || h.When != nil {
		return
	}
	for _, other := range b.route.Headers {
		if other.Op == h.Op && other.Response == h.Response && other.Header == h.Header && other.When == nil {
			b.diags.Add(diag.HeaderConflict, n.Span(), "%s is set twice for every request", h.Header).
				Note(source.Span{File: other.Span.File, Start: other.Span.Start, End: other.Span.End}, "first here").
				Helpf("keep one of them, or add a when to the first")
		}
	}
}
