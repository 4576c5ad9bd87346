package account

import (
	"fmt"
	"slices"
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/interp"
	"moec.dev/moec/compiler/outline"
)

// result says what an expression's value means for its rule.
func result(item *outline.Item, e *interp.Evaluation, before string) string {
	condition := item.When != nil && e.Source.Span() == item.When.Span()
	if e.Err != nil {
		return "fails: " + failure(e.Err)
	}
	switch {
	case condition && item.Shadow && e.Value.Value() == true:
		return "holds, and is in the shadow: not enforced"
	case condition && e.Value.Value() == true:
		switch item.Kind {
		case "deny":
			return "holds: refused"
		case "allow":
			return "holds: may pass"
		}
		return "holds"
	case condition && e.Value.Value() == false:
		return "does not hold"
	case before != "" && before != "holds":
		return before
	case item.Kind == "set" || item.Kind == "add":
		return fmt.Sprintf("value %s", celfront.Literal(e.Value))
	}
	return "is " + celfront.Literal(e.Value)
}

// failure is an error without the words that only its maker understands.
func failure(err error) string { return strings.TrimPrefix(err.Error(), "evaluation error: ") }

// value tells what an expression and its parts came to.
func (t *teller) value(e *interp.Evaluation) *Value {
	v := &Value{Text: oneLine(e.Source.Text)}
	if e.Err != nil {
		v.Value = "failed: " + failure(e.Err)
	} else {
		v.Value = celfront.Literal(e.Value)
	}
	p := parts{t: t, e: e, inner: slices.Clone(e.Inner), said: map[string]bool{v.Text: true}, branch: map[*celfront.Expr]bool{}}
	for _, b := range e.Checked.Branches() {
		p.branch[b] = true
	}
	if i := p.let(e.Checked.Root); i != nil {
		v.Let, v.Parts = e.Checked.Root.Name, []*Value{t.value(i)}
	}
	v.Parts = p.below(e.Checked.Root, v.Parts)
	return v
}

type parts struct {
	t      *teller
	e      *interp.Evaluation
	inner  []*interp.Evaluation // that have not been told yet
	said   map[string]bool
	branch map[*celfront.Expr]bool
}

// of tells about a node and what is below it.
func (p *parts) of(x *celfront.Expr, out []*Value) []*Value {
	if x.Op == celfront.Const || p.literal(x) {
		return out
	}
	text := oneLine(x.Span.Text())
	v, known := p.e.Trace.Value(x)
	switch {
	case p.said[text]:
		return out
	case !known && p.branch[x]:
		p.said[text] = true
		return append(out, &Value{Text: text, Value: "not evaluated"})
	case !known:
		return p.below(x, out)
	}
	p.said[text] = true
	told := &Value{Text: text, Value: celfront.Literal(v)}
	if i := p.let(x); i != nil {
		told.Let = x.Name
		told.Parts = append(told.Parts, p.t.value(i))
	}
	told.Parts = p.below(x, told.Parts)
	return append(out, told)
}

// let is the evaluation that reading or calling a let has set off, if any.
func (p *parts) let(x *celfront.Expr) *interp.Evaluation {
	if x.Op != celfront.Var && x.Op != celfront.Call {
		return nil
	}
	for n, i := range p.inner {
		item := p.t.items[i.Source.Span()]
		if item != nil && item.Kind == "let" && item.Name == x.Name {
			p.inner = slices.Delete(p.inner, n, n+1) // the next call is another evaluation
			return i
		}
	}
	return nil
}

// below tells about what a node is made of. What stands in a loop has many
// values: of its conditions there is a count, and of the rest nothing.
func (p *parts) below(x *celfront.Expr, out []*Value) []*Value {
	if x.Op != celfront.Macro || len(x.Vars) == 0 || x.Name == "cel.bind" {
		for _, a := range x.Args {
			out = p.of(a, out)
		}
		return out
	}
	out = p.of(x.Args[0], out)
	for _, a := range x.Args[1:] {
		a.Walk(func(n *celfront.Expr) bool {
			if p.branch[n] {
				c := p.e.Trace.Truths(n)
				out = append(out, &Value{Text: oneLine(n.Span.Text()), Value: fmt.Sprintf("true: %d, false: %d", c.True, c.False)})
			}
			return true
		})
	}
	return out
}

// literal reports whether a node is made of constants alone.
func (p *parts) literal(x *celfront.Expr) bool {
	constant := x.Op == celfront.List || x.Op == celfront.Map
	x.Walk(func(n *celfront.Expr) bool {
		constant = constant && (n.Op == celfront.Const || n.Op == celfront.List || n.Op == celfront.Map)
		return constant
	})
	return constant
}

// oneLine is a text with its line ends made blanks.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
