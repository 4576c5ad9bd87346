package celfront

import (
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"
)

// Traced is a program that tells what came of the parts of an expression. It is
// not safe for concurrent use.
type Traced struct {
	checked *Checked
	program cel.Program
	running *Trace
}

// Trace is what one evaluation did.
type Trace struct {
	checked *Checked
	state   interpreter.EvalState
	truths  map[*Expr]*Truths
}

// Truths is how often a condition was true, false, and neither.
type Truths struct{ True, False, Failed int }

// Written is the tree as the text has it: parameters of a policy stand in it, and
// not what a use gives for them.
func (c *Checked) Written() *Expr {
	if c.Body != nil {
		return c.Body
	}
	return c.Root
}

// Branches are the conditions on which the way through an expression depends:
// the operands of && and ||, and what stands before a question mark, as they
// stand in the text. Constants decide nothing, and are left out.
func (c *Checked) Branches() []*Expr {
	var out []*Expr
	note := func(e *Expr) {
		if e.Op != Const && !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	c.Written().Walk(func(e *Expr) bool {
		switch {
		case e.Op != Call:
		case e.Name == "_&&_" || e.Name == "_||_":
			for _, a := range e.Args {
				if a.Op != Call || a.Name != e.Name {
					note(a)
				}
			}
		case e.Name == "_?_:_":
			note(e.Args[0])
		}
		return true
	})
	slices.SortStableFunc(out, func(a, b *Expr) int { return a.Span.Start - b.Span.Start })
	return out
}

// Trace plans the expression for an evaluator that keeps count. Planning is
// slow: callers keep the result.
func (c *Checked) Trace() (*Traced, error) {
	t := &Traced{checked: c}
	branches := map[int64]*Expr{}
	for _, b := range c.Branches() {
		if o := c.origin[b]; o != nil {
			branches[o.ID()] = b
		}
	}
	watch := func(i interpreter.InterpretableV2) (interpreter.InterpretableV2, error) {
		branch := branches[i.ID()]
		if branch == nil {
			return i, nil
		}
		switch i := i.(type) {
		case *watched, *watchedAttribute:
			return i, nil
		case interpreter.InterpretableConst, interpreter.InterpretableConstructor:
			return i, nil
		case interpreter.InterpretableAttribute:
			return &watchedAttribute{i, t, branch}, nil
		}
		return &watched{i, t, branch}, nil
	}
	var err error
	t.program, err = c.env.Program(c.ast, inOrder(), cel.CustomDecoratorV2(watch), cel.EvalOptions(cel.OptTrackState))
	return t, err
}

// Eval evaluates the expression over what interpreter.Activation or a map gives.
func (t *Traced) Eval(vars any) (ref.Val, *Trace, error) {
	outer := t.running // a let with parameters may be called while it runs
	trace := &Trace{checked: t.checked, truths: map[*Expr]*Truths{}}
	t.running = trace
	defer func() { t.running = outer }()
	v, details, err := t.program.Eval(vars)
	if details != nil {
		trace.state = details.State()
	}
	return v, trace, err
}

// note counts what came of a condition.
func (t *Traced) note(branch *Expr, v ref.Val) {
	n := t.running.truths[branch]
	if n == nil {
		n = &Truths{}
		t.running.truths[branch] = n
	}
	n.add(v)
}

func (n *Truths) add(v ref.Val) {
	switch v {
	case types.True:
		n.True++
	case types.False:
		n.False++
	default:
		n.Failed++
	}
}

// Value returns what a part came to: in a loop, when it was evaluated last. ok
// is false for a part that was not evaluated, and for constants.
func (t *Trace) Value(part *Expr) (v ref.Val, ok bool) {
	origin := t.checked.origin[part]
	if t.state == nil || origin == nil || part.Op == Const {
		return nil, false
	}
	return t.state.Value(origin.ID())
}

// Truths returns how often one of the expression's Branches was what.
func (t *Trace) Truths(branch *Expr) Truths {
	if n := t.truths[branch]; n != nil {
		return *n
	}
	// cel-go evaluates a field or an element as a part of what it is taken from.
	var n Truths
	if v, ok := t.Value(branch); ok {
		n.add(v)
	}
	return n
}

// watched tells a Traced what a node came to.
type watched struct {
	interpreter.InterpretableV2
	to     *Traced
	branch *Expr
}

func (w *watched) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	v := w.InterpretableV2.Exec(frame)
	w.to.note(w.branch, v)
	return v
}

func (w *watched) Eval(vars interpreter.Activation) ref.Val {
	return interpreter.EvalActivation(vars, w.Exec)
}

// watchedAttribute is watched for what cel-go may look into.
type watchedAttribute struct {
	interpreter.InterpretableAttribute
	to     *Traced
	branch *Expr
}

func (w *watchedAttribute) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	v := w.InterpretableAttribute.Exec(frame)
	w.to.note(w.branch, v)
	return v
}

func (w *watchedAttribute) Eval(vars interpreter.Activation) ref.Val {
	return interpreter.EvalActivation(vars, w.Exec)
}
