// Package outline lists what a bundle says, statement by statement in the order
// of its text: the lets and rules, each with its name, its place and its
// expressions. Tools that show a policy to its author go by it.
//
// It reads the syntax alone, all forms of it: it must not know what names and
// types mean, nor how a decision is made.
package outline

import (
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/source"
)

// Item is one statement that decides something, or computes what others read.
type Item struct {
	// Block is the route, scope, policy or let that the item stands in or is.
	Block string
	// Kind is what the statement begins with: route, let, when, allow, deny,
	// limit, set, add, remove, forward, rewrite, redirect, respond, use.
	Kind string
	// Name is the full name by which answers and logs call a rule, and of a let
	// its own.
	Name string
	Span source.Span
	// Shadow says that the rule is never enforced.
	Shadow bool
	// Absent says of a set that it leaves a header alone that is there.
	Absent bool
	// Shared says of a limit that it is one of the bundle's, whose key and numbers
	// stand where it is declared. Its name is that of the limit.
	Shared bool
	// When is the condition, or nil: always.
	When *ast.Expr
	// Exprs are all expressions, in the order of the text.
	Exprs []Expr
}

// Expr is an expression and what it is good for.
type Expr struct {
	*ast.Expr
	Role string // when, value, key, cost, rate, burst, sticky, or an argument's name
}

// Block is a declaration that holds items.
type Block struct {
	Kind string // route, scope, policy, let or limit
	Name string // without the bundle's
	Span source.Span
	// Auth is the line that says who may come in; no place where there is none.
	Auth source.Span
	// Items begin with the block itself where it is a route.
	Items []*Item
}

// Of lists the blocks of a bundle, in the order of its files.
func Of(b *ast.Bundle) []*Block {
	var out []*Block
	for _, f := range b.Files {
		for _, d := range f.Decls {
			if k := block(b.Name, d); k != nil {
				out = append(out, k)
			}
		}
	}
	return out
}

func block(bundle string, d ast.Decl) *Block {
	switch d := d.(type) {
	case *ast.Let:
		item := &Item{Block: d.Name.Text, Kind: "let", Name: d.Name.Text, Span: d.Span(), Exprs: exprs("value", d.Value)}
		return &Block{Kind: "let", Name: d.Name.Text, Span: d.Span(), Items: []*Item{item}}
	case *ast.LimitDecl:
		item := &Item{Block: d.Name.Text, Kind: "limit", Name: bundle + "." + d.Name.Text, Span: d.Span(), Exprs: limit(d.Spec)}
		return &Block{Kind: "limit", Name: d.Name.Text, Span: d.Span(), Items: []*Item{item}}
	case *ast.Route:
		k := &Block{Kind: "route", Name: d.Name.Text, Span: d.Span()}
		k.Items = []*Item{{Block: d.Name.Text, Kind: "route", Name: bundle + "." + d.Name.Text, Span: d.Name.Span()}}
		return k.rules(bundle, d.Rules)
	case *ast.Scope:
		k := &Block{Kind: "scope", Name: d.Name.Text, Span: d.Span()}
		return k.rules(bundle, d.Rules)
	case *ast.Policy:
		k := &Block{Kind: "policy", Name: d.Name.Text, Span: d.Span()}
		return k.rules(bundle, d.Rules)
	}
	return nil
}

func (k *Block) rules(bundle string, rules []ast.Rule) *Block {
	for _, r := range rules {
		switch r.(type) {
		case *ast.AuthRef, *ast.Public:
			k.Auth = r.Span()
		}
		if item := rule(r); item != nil {
			item.Block, item.Span = k.Name, r.Span()
			if item.Shared {
				item.Name = bundle + "." + item.Name
			} else {
				item.Name = bundle + "." + k.Name + "." + item.Name
			}
			k.Items = append(k.Items, item)
		}
	}
	return k
}

// ByExpr returns the item of every expression, by the expression's place: the
// same text may have been read several times over.
func ByExpr(blocks []*Block) map[source.Span]*Item {
	out := map[source.Span]*Item{}
	for _, k := range blocks {
		for _, i := range k.Items {
			for _, e := range i.Exprs {
				out[e.Span()] = i
			}
		}
	}
	return out
}

// Role is what an expression of the item is good for.
func (i *Item) Role(at source.Span) string {
	for _, e := range i.Exprs {
		if e.Span() == at {
			return e.Role
		}
	}
	return ""
}
