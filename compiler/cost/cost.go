// Package cost bounds the work that a bundle's rules take, before any request:
// for each rule the least and the most, and for each let. Units are those of
// package celfront.
//
// It knows nothing of how rules are compiled: the bound is on what an
// expression says, and tests hold what is built against it.
package cost

import (
	"fmt"
	"io"
	"sort"
	"text/tabwriter"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/source"
)

// Bundle is what a bundle's rules cost. It is immutable after Estimate.
type Bundle struct {
	// Rules have all rules with an expression, in the order of the routes.
	Rules []*Rule
	// Lets have the lets, each after those that it reads.
	Lets []*Let

	checked *check.Bundle
	sizes   sizes
	lets    map[string]*Let
	calls   map[string]*celfront.Price // of lets with parameters
}

// Rule is what one rule costs.
type Rule struct {
	Name string // as in answers and logs: shop.orders.owner
	Span source.Span
	// Cost is that of the rule with everything that it reads, as if it came
	// first: Min without the lets, which an earlier rule may have read.
	celfront.Cost
	// Own is the part of the rule's own expressions.
	Own celfront.Cost
	// Lets are those that it reads, through others too, by name. Each counts once.
	Lets []string

	exprs []*ast.Expr
}

// Let is what computing a let costs, without those that it reads. A let with
// parameters is computed, and paid for, by each call.
type Let struct {
	Name string
	Call bool
	celfront.Cost
	// Lets are those that it reads, through others too.
	Lets []string
}

// Estimate prices a checked bundle.
func Estimate(b *check.Bundle) (*Bundle, error) {
	c := &Bundle{checked: b, sizes: bundleSizes(b), lets: map[string]*Let{}, calls: map[string]*celfront.Price{}}
	for _, l := range b.Lets {
		if err := c.let(l); err != nil {
			return nil, err
		}
	}
	for _, r := range b.Routes {
		if err := c.route(r); err != nil {
			return nil, err
		}
	}
	for _, s := range b.Scopes {
		if err := c.route(&s.Route); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *Bundle) let(l *check.Let) error {
	params := map[string]celfront.Size{}
	for _, p := range l.Params {
		params[p.Name] = ofType(p.Type)
	}
	x := c.checked.Exprs[l.Decl.Value]
	price, err := x.Price(func(name string) (celfront.Size, bool) {
		if s, ok := params[name]; ok {
			return s, true
		}
		return c.sizes.of(name)
	}, c.calls)
	if err != nil {
		return err
	}
	k := &Let{Name: l.Name, Call: l.Call, Cost: price.Cost, Lets: c.readBy(x.Root)}
	if l.Call { // what it reads is kept, but each call may be the first
		for _, name := range k.Lets {
			k.Max = add(k.Max, c.lets[name].Max)
		}
		price.Cost = k.Cost
		c.calls[l.Name] = price
	} else {
		c.sizes[l.Name] = price.Size
	}
	c.lets[l.Name] = k
	c.Lets = append(c.Lets, k)
	return nil
}

// readBy returns the lets whose values an expression reads, through others too.
func (c *Bundle) readBy(roots ...*celfront.Expr) []string {
	seen := map[string]bool{}
	for _, root := range roots {
		root.Walk(func(n *celfront.Expr) bool {
			l := c.lets[n.Name]
			switch {
			case l == nil:
			case n.Op == celfront.Var && !l.Call:
				seen[n.Name] = true
				fallthrough
			case n.Op == celfront.Call && n.Overload == "let_"+n.Name:
				for _, inner := range l.Lets {
					seen[inner] = true
				}
			}
			return true
		})
	}
	var names []string
	for name := range seen {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func (c *Bundle) route(r *resolve.Route) error {
	rules := []*Rule{{Name: r.FullName + ".when", exprs: []*ast.Expr{r.When}}}
	for _, d := range r.Denies {
		rules = append(rules, &Rule{Name: d.Name, exprs: []*ast.Expr{d.When}})
	}
	for _, a := range r.Allows {
		rules = append(rules, &Rule{Name: a.Name, exprs: []*ast.Expr{a.When}})
	}
	for _, l := range r.Limits {
		rules = append(rules, &Rule{Name: l.Name, exprs: append([]*ast.Expr{l.When}, l.Exprs()...)})
	}
	for _, h := range r.Headers {
		rules = append(rules, &Rule{Name: h.Name, exprs: []*ast.Expr{h.When, h.Value}})
	}
	rules = append(rules, fates(r)...)
	for _, rule := range rules {
		var roots []*celfront.Expr
		for _, e := range rule.exprs {
			x := c.checked.Exprs[e]
			if e == nil || x == nil {
				continue
			}
			price, err := c.priceOf(x)
			if err != nil {
				return err
			}
			if len(roots) == 0 {
				rule.Span = e.Span()
			}
			roots = append(roots, x.Root)
			if len(roots) == 1 { // the value is only computed where the condition holds
				rule.Own.Min = price.Min
			}
			rule.Own.Max = add(rule.Own.Max, price.Max)
		}
		if len(roots) == 0 {
			continue
		}
		rule.Lets = c.readBy(roots...)
		rule.Cost = rule.Own
		for _, name := range rule.Lets {
			rule.Max = add(rule.Max, c.lets[name].Max)
		}
		c.Rules = append(c.Rules, rule)
	}
	return nil
}

func add(a, b uint64) uint64 {
	if a > celfront.Unbounded-b {
		return celfront.Unbounded
	}
	return a + b
}

// Dump writes the costs as a table.
func Dump(w io.Writer, b *Bundle) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	if _, err := fmt.Fprintf(w, "bundle %s\n\n", b.checked.Name); err != nil {
		return err
	}
	fmt.Fprintf(t, "rule\tmin\tmax\tits own\tlets\n")
	for _, r := range b.Rules {
		fmt.Fprintf(t, "%s\t%d\t%s\t%s%s\n", r.Name, r.Min, Written(r.Max), Written(r.Own.Max), b.list(r.Lets))
	}
	if len(b.Lets) > 0 {
		fmt.Fprintf(t, "\nlet\tmin\tmax\tlets\n")
	}
	for _, l := range b.Lets {
		name := l.Name
		if l.Call {
			name += "( )"
		}
		fmt.Fprintf(t, "%s\t%d\t%s%s\n", name, l.Min, Written(l.Max), b.list(l.Lets))
	}
	return t.Flush()
}

// list is the last cell of a line, if there is anything in it.
func (c *Bundle) list(names []string) string {
	text := ""
	for i, name := range names {
		if i > 0 {
			text += ", "
		} else {
			text = "\t"
		}
		text += name + " " + Written(c.lets[name].Max)
	}
	return text
}

// Written writes a bound.
func Written(n uint64) string {
	if n == celfront.Unbounded {
		return "unbounded"
	}
	return fmt.Sprint(n)
}
