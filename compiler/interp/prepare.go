package interp

import (
	"fmt"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types/ref"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/ast"
)

// bundle is a checked bundle with its expressions planned.
type bundle struct {
	*check.Bundle
	exprs map[*ast.Expr]*expression
	lets  map[string]*check.Let
	reads reads
	// identity says of expressions whether they read who the client is.
	identity map[*ast.Expr]bool
	// tables are the values of the bundle's tables, once one was read.
	tables map[string]ref.Val
	// limits have the buckets of each limit, by its full name.
	limits map[string]*buckets
}

// expression is a planned expression.
type expression struct {
	program cel.Program
	// vars are the variables that it reads, with the type that it sees.
	vars map[string]*types.Type
	// calls are the lets with parameters that it calls.
	calls map[string]bool
	// asks says that it calls a function that reads the request: header, query …
	asks bool
	// params are the parameters of the policy that a rule comes from, with what
	// stands for them at this use.
	params map[string]*ast.Expr
}

// reads are the query parameters and cookies that a bundle reads as one value,
// and the query parameters that it reads as lists.
type reads struct{ query, cookies, lists []string }

func prepare(b *check.Bundle) (*bundle, error) {
	p := &bundle{Bundle: b, exprs: map[*ast.Expr]*expression{}, lets: map[string]*check.Let{}, identity: map[*ast.Expr]bool{}, tables: map[string]ref.Val{}, limits: map[string]*buckets{}}
	for source, checked := range b.Exprs {
		program, err := checked.Program()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", source.Span(), err)
		}
		x := &expression{program: program, vars: map[string]*types.Type{}, calls: map[string]bool{}, params: map[string]*ast.Expr{}}
		body := checked.Root
		if checked.Body != nil {
			body = checked.Body
		}
		x.note(body, nil)
		for name, arg := range checked.Args {
			x.params[name] = arg.Source
			delete(x.vars, name)
		}
		p.exprs[source] = x
		checked.Root.Walk(func(e *celfront.Expr) bool {
			p.reads.note(e)
			return true
		})
	}
	for _, l := range b.Lets {
		p.lets[l.Name] = l
	}
	for _, a := range b.Auths {
		switch a.Place {
		case resolve.InQuery:
			p.reads.query = append(p.reads.query, a.Field)
		case resolve.InCookie:
			p.reads.cookies = append(p.reads.cookies, a.Field)
		}
	}
	return p, nil
}

// note collects the free variables below a node; bound are those that a macro
// around it binds. What a macro goes over stands before its names.
func (x *expression) note(e *celfront.Expr, bound []string) {
	switch {
	case e.Op == celfront.Var && (e.Root || !slices.Contains(bound, e.Name)):
		x.vars[e.Name] = e.Type
	case e.Op == celfront.Call && e.Overload == "let_"+e.Name:
		x.calls[e.Name] = true
	case e.Op == celfront.Call && slices.Contains([]string{"header", "header_values", "query", "query_values", "cookie"}, e.Overload):
		x.asks = true
	}
	inner := append(slices.Clone(bound), e.Vars...)
	for i, a := range e.Args {
		if i == 0 {
			x.note(a, bound)
		} else {
			x.note(a, inner)
		}
	}
}

func (r *reads) note(e *celfront.Expr) {
	if e.Op != celfront.Call || len(e.Args) != 1 || e.Args[0].Op != celfront.Const {
		return
	}
	name, _ := e.Args[0].Value.(string)
	switch e.Overload {
	case "query":
		r.query = append(r.query, name)
	case "query_values":
		r.lists = append(r.lists, name)
	case "cookie":
		r.cookies = append(r.cookies, name)
	}
}

// needsIdentity reports whether an expression reads who the client is, itself
// or through lets.
func (b *bundle) needsIdentity(e *ast.Expr) bool {
	if known, ok := b.identity[e]; ok {
		return known
	}
	b.identity[e] = b.readsIdentity(e)
	return b.identity[e]
}

func (b *bundle) readsIdentity(e *ast.Expr) bool {
	x := b.exprs[e]
	for name := range x.vars {
		if isIdentity(name) {
			return true
		}
		if l := b.lets[name]; l != nil && !l.Call && b.needsIdentity(l.Decl.Value) {
			return true
		}
	}
	for _, arg := range x.params {
		if b.needsIdentity(arg) {
			return true
		}
	}
	for name := range x.calls {
		if b.needsIdentity(b.lets[name].Decl.Value) {
			return true
		}
	}
	return false
}
