package check

import (
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// Reads is what an expression reads, lets seen through. The spans are those of
// the reading expression, also where a let does the reading.
type Reads struct {
	Identity []source.Span
	Response []source.Span
	// Request has what is known of the request only: attributes, captures.
	Request []source.Span
	// Client has what the sender of the request chose, Other what somebody
	// else vouches for.
	Client, Other []source.Span
}

// read collects what an expression reads.
func (c *checker) read(e *celfront.Expr) *Reads {
	r := &Reads{}
	e.Walk(func(n *celfront.Expr) bool {
		switch n.Op {
		case celfront.Var:
			c.readName(r, n.Name, n.Span)
		case celfront.Call:
			if requestFunction(n) {
				r.Client = append(r.Client, n.Span)
				r.Request = append(r.Request, n.Span)
			}
			if strings.HasPrefix(n.Overload, "let_") {
				c.readLet(r, n.Name, n.Span)
			}
		}
		return true
	})
	return r
}

func (c *checker) readName(r *Reads, name string, at source.Span) {
	switch a := types.Find(name); {
	case a != nil && a.Phase == types.Response:
		r.Response = append(r.Response, at)
		r.Other = append(r.Other, at)
	case a != nil:
		if name != "route.name" && name != "now" {
			r.Request = append(r.Request, at)
		}
		switch a.Trust {
		case types.Client:
			r.Client = append(r.Client, at)
		case types.Envoy:
			r.Other = append(r.Other, at)
		}
	case strings.HasPrefix(name, "identity."):
		r.Identity = append(r.Identity, at)
		r.Other = append(r.Other, at)
	case strings.HasPrefix(name, "path."), strings.HasPrefix(name, "hostname."):
		r.Client = append(r.Client, at)
		r.Request = append(r.Request, at)
	default:
		c.readLet(r, name, at)
	}
}

// readLet adds what a let reads, at the place that reads the let.
func (c *checker) readLet(r *Reads, name string, at source.Span) {
	l, ok := c.reads[name]
	if c.tableOf(name) != nil {
		c.used[name] = true
	}
	if !ok {
		return
	}
	c.used[name] = true
	add := func(to *[]source.Span, from []source.Span) {
		if len(from) > 0 {
			*to = append(*to, at)
		}
	}
	add(&r.Identity, l.Identity)
	add(&r.Response, l.Response)
	add(&r.Request, l.Request)
	add(&r.Client, l.Client)
	add(&r.Other, l.Other)
}

// requestFunction reports whether a call reads the request.
func requestFunction(n *celfront.Expr) bool {
	switch n.Overload {
	case "header", "header_values", "query", "query_values", "cookie":
		return true
	}
	return false
}

// later refuses attributes that exist but cannot be read yet.
func (c *checker) later(e *celfront.Expr) {
	e.Walk(func(n *celfront.Expr) bool {
		if n.Op == celfront.Var {
			if a := types.Find(n.Name); a != nil && a.Later != "" {
				c.diags.Add(diag.NotYetExpr, n.Span, "%s is not supported yet: %s", n.Name, a.Later)
			}
		}
		return true
	})
}
