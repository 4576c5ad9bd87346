package check

import (
	"slices"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
)

// failure is one reason why an expression may fail at run time.
type failure struct {
	at  *celfront.Expr
	why string
	// guard is a condition under which this cannot happen; instead is text
	// that cannot fail and can stand in place of the node. Either may be nil.
	guard, instead phrase
	// exact says of the guard that the node does not fail if, and only if, it
	// holds.
	exact bool
	// let is the let that fails, for a reader of one.
	let    *ast.Let
	inside []failure // of the let
}

// What helps where no guard does.
const (
	lastOfRules  = "end the rule with: on error deny"
	lastOfRoutes = "decide in a rule of the route that ends with: on error deny"
	lastOfScopes = "decide in a rule of the scope that ends with: on error deny"
)

// maxNotes is how many more reasons than the first one are told.
const maxNotes = 3

// mayFail refuses an expression that may fail, unless its rule says what to do
// then.
func (s *scope) mayFail(x *celfront.Checked, onError string, at place) {
	if onError != "" {
		return
	}
	fs := s.mayFails(x)
	if len(fs) == 0 {
		return
	}
	d := s.diags.Add(diag.MayFail, fs[0].at.Span, "%s", fs[0].why)
	for i, f := range fs {
		if f.let != nil {
			for depth := 0; f.let != nil && len(f.inside) > 0 && depth < maxNotes; depth++ {
				name := f.let.Name.Text
				f = f.inside[0]
				d.Note(f.at.Span, "in let %s: %s", name, f.why)
			}
		} else if i > 0 && i <= maxNotes && f.at.Span != fs[0].at.Span {
			d.Note(f.at.Span, "%s", f.why)
		}
	}
	if len(fs[0].inside) == 0 && (phrase{fs[0].at}).constant() && s.alwaysFails(fs[0].at) {
		d.Message, d.Help = "this fails for every request", "say on what it depends, or leave it out"
		return
	}
	d.Help = at.last()
	if at == inScope {
		at = inDeny // a scope that holds too often refuses too much, not too little
	}
	if len(x.Args) > 0 {
		// What is mended is the policy, which knows parameters and no arguments.
		if x = s.env.Check(x.Source, &diag.List{}); x == nil {
			return
		}
		if fs = s.mayFails(x); len(fs) == 0 {
			return
		}
	}
	if guarded, ok := s.guarded(x, fs, at); ok {
		d.Help = guarded
	}
}

// light are operations that take no time worth a limit on constants.
var light = words(`_+_ _-_ _*_ _/_ _%_ -_ _[_] int uint double bool value charAt substring ip cidr optional.none`)

// alwaysFails reports whether an expression that reads nothing has no value.
func (s *scope) alwaysFails(e *celfront.Expr) bool {
	simple := true
	e.Walk(func(n *celfront.Expr) bool {
		simple = simple && n.Op != celfront.Macro && (n.Op != celfront.Call || light[n.Name])
		return simple
	})
	if !simple {
		return false
	}
	x := s.env.Check(&ast.Expr{At: ast.At{Place: e.Span}, Text: e.Span.Text()}, &diag.List{})
	if x == nil {
		return false
	}
	p, err := x.Program()
	if err != nil {
		return false
	}
	_, _, err = p.Eval(map[string]any{})
	return err != nil
}

// mayFails are the failures of an expression as it is written: what is evaluated
// with the policy cannot fail any more.
func (c *checker) mayFails(x *celfront.Checked) []failure {
	fs := c.failures(x.Root)
	if len(fs) > 0 {
		if _, constant := x.Constant(); constant {
			return nil
		}
	}
	return fs
}

// failures lists the reasons why an expression may fail, in the order of the text.
func (c *checker) failures(e *celfront.Expr) []failure {
	fs := flow{analysis: &analysis{checker: c}, facts: &facts{}}.failures(e)
	slices.SortStableFunc(fs, func(a, b failure) int { return a.at.Span.End - b.at.Span.End })
	return fs
}

// failures are those of an expression that is evaluated at this point. What
// they do not name cannot fail.
func (f flow) failures(e *celfront.Expr) []failure {
	if f.exhausted() {
		return []failure{{at: e, why: "this is too large to be proven free of failures"}}
	}
	switch {
	case e.Op == celfront.Call && (e.Name == "_&&_" || e.Name == "_||_") && len(e.Args) == 2:
		return f.junction(e)
	case e.Op == celfront.Call && e.Name == "_?_:_" && len(e.Args) == 3:
		fs := append(f.failures(e.Args[0]), f.condition(e.Args[0])...)
		for i, value := range []bool{true, false} {
			if f.constantly(e.Args[0], !value) {
				continue
			}
			branch := f.inner()
			branch.assume(e.Args[0], value)
			fs = append(fs, branch.failures(e.Args[1+i])...)
		}
		return append(fs, f.mixed(e)...)
	case e.Op == celfront.Macro:
		return f.macro(e)
	case e.Op == celfront.Var:
		return f.name(e)
	}
	var fs []failure
	for _, a := range e.Args {
		fs = append(fs, f.failures(a)...)
	}
	return append(fs, f.operation(e)...)
}

// condition: what decides must be a bool.
func (f flow) condition(e *celfront.Expr) []failure {
	if k := f.typeOf(e).Kind; k == types.Bool {
		return nil
	}
	return []failure{f.unlike(e, types.BoolType)}
}

// junction is && or ||. A side that decides the whole makes good what fails on
// the others, whichever stands first.
//
// INVARIANT: facts come from operands only that have been proven not to fail,
// each with the facts of those proven before it. Either one of them decides the
// whole, or all of their facts hold where the others are evaluated.
func (f flow) junction(e *celfront.Expr) []failure {
	operands := flatten(nil, e, e.Name)
	and := e.Name == "_&&_"
	if slices.ContainsFunc(operands, func(o *celfront.Expr) bool { return f.constantly(o, !and) }) {
		return nil // it decides the whole
	}
	f = f.inner()
	// Small ones first: they are looked at again where another one helps them.
	order := make([]int, len(operands))
	sizes := make([]int, len(operands))
	for i, o := range operands {
		order[i] = i
		o.Walk(func(*celfront.Expr) bool { sizes[i]++; return sizes[i] < 1000 })
	}
	slices.SortStableFunc(order, func(i, j int) int { return sizes[i] - sizes[j] })
	failing := make([][]failure, len(operands))
	const rounds = 4
	for round := 0; round < rounds && len(order) > 0; round++ {
		var left []int
		for _, i := range order {
			failing[i] = append(f.failures(operands[i]), f.condition(operands[i])...)
			if len(failing[i]) > 0 {
				left = append(left, i)
				continue
			}
			f.assume(operands[i], and)
		}
		if len(left) == len(order) {
			break
		}
		order = left
	}
	// Where the whole fails already, a second reason is told only if it would
	// stay when the first one is mended.
	slices.Sort(order)
	var out []failure
	for n, i := range order {
		if n > 0 {
			failing[i] = append(f.failures(operands[i]), f.condition(operands[i])...)
		}
		out = append(out, failing[i]...)
		f.assume(operands[i], and)
	}
	return out
}

// constantly reports whether a condition is written as a constant.
func (f flow) constantly(e *celfront.Expr, value bool) bool {
	x, _ := f.through(e)
	v, ok := x.Value.(bool)
	return ok && x.Op == celfront.Const && v == value
}

// flatten lists the operands of && or || that stand beside each other.
func flatten(to []*celfront.Expr, e *celfront.Expr, name string) []*celfront.Expr {
	if e.Op == celfront.Call && e.Name == name && len(e.Args) == 2 {
		return flatten(flatten(to, e.Args[0], name), e.Args[1], name)
	}
	return append(to, e)
}

// name is the reading of a variable: a let, or what a macro binds.
func (f flow) name(e *celfront.Expr) []failure {
	if s := f.named(e.Name); s != nil {
		if s.lazy {
			f.scope = s.in
			return f.failures(s.value)
		}
		return nil
	}
	if l, ok := f.lets[e.Name]; ok && !l.Call {
		return f.letFailures(e, l, nil)
	}
	return nil
}

// letFailures are the failures of a let that is read, or called, here: what is
// known here, is known inside.
func (f flow) letFailures(e *celfront.Expr, l *Let, scope *scopes) []failure {
	x := f.Exprs[l.Decl.Value]
	if !f.failing[l.Name] || x == nil {
		return nil
	}
	f.scope = scope
	inside := f.failures(x.Root)
	if len(inside) == 0 {
		return nil
	}
	out := failure{at: e, why: "let " + l.Name + " may fail", let: l.Decl, inside: inside}
	if !l.Call {
		// What guards the let guards its reader.
		out.exact = true
		for _, g := range inside {
			out.exact = out.exact && g.exact && strictly(x.Root, g.at)
			if g.guard == nil || g.guard.constant() || bindsNamesOf(x.Root, g.guard) {
				out.guard = nil
				break
			}
			if out.guard != nil {
				out.guard = append(out.guard, " && ")
			}
			out.guard = append(out.guard, g.guard...)
		}
	}
	return []failure{out}
}

// bindsNamesOf reports whether a text reads a name that a macro in e binds.
func bindsNamesOf(e *celfront.Expr, t phrase) bool {
	names := map[string]bool{}
	e.Walk(func(n *celfront.Expr) bool {
		for _, v := range n.Vars {
			names[v] = true
		}
		return true
	})
	found := false
	for _, part := range t {
		if x, ok := part.(*celfront.Expr); ok {
			x.Walk(func(n *celfront.Expr) bool {
				found = found || n.Op == celfront.Var && names[n.Name]
				return true
			})
		}
	}
	return found
}
