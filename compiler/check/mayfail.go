package check

import (
	"math"
	"strings"
	"time"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// failure is one reason why an expression may fail at run time.
type failure struct {
	span source.Span
	why  string
	// guard is a condition under which this cannot happen; instead is text
	// that cannot fail and can stand in place of the span.
	guard, instead string
	// let is the let that fails, for a reader of one.
	let *ast.Let
}

// mayFail refuses an expression that may fail, unless its rule says what to do
// then. boolean says that the expression is a condition, which a guard can be
// put in front of.
func (s *scope) mayFail(x *celfront.Checked, onError string, boolean bool) {
	if onError != "" {
		return
	}
	fs := s.failures(x.Root, nil)
	if len(fs) == 0 {
		return
	}
	f := fs[0]
	d := s.diags.Add(diag.MayFail, f.span, "%s", f.why)
	if f.let != nil {
		d.Note(f.let.Value.Span(), "let %s", f.let.Name.Text)
	}
	text, at := x.Source.Text, f.span.Start-x.Source.Span().Start
	switch {
	case f.instead != "" && (!boolean || f.guard == "" || len(fs) > 1):
		d.Help = text[:at] + f.instead + text[at+f.span.End-f.span.Start:]
	case f.guard != "" && boolean:
		d.Help = f.guard + " && (" + text + ")"
	default:
		d.Help = "end the rule with: on error deny"
	}
}

// failures lists the reasons, in the order of the text.
func (c *checker) failures(e *celfront.Expr, known facts) []failure {
	if e.Op == celfront.Call {
		switch e.Name {
		case "_&&_", "_||_":
			value := e.Name == "_&&_"
			return append(c.failures(e.Args[0], known.and(implied(e.Args[1], value))),
				c.failures(e.Args[1], known.and(implied(e.Args[0], value)))...)
		case "_?_:_":
			fs := c.failures(e.Args[0], known)
			fs = append(fs, c.failures(e.Args[1], known.and(implied(e.Args[0], true)))...)
			return append(fs, c.failures(e.Args[2], known.and(implied(e.Args[0], false)))...)
		}
	}
	var fs []failure
	for _, a := range e.Args {
		fs = append(fs, c.failures(a, c.visible(e, known))...)
	}
	if f, ok := c.fails(e, known); ok {
		f.span = e.Span
		fs = append(fs, f)
	}
	return fs
}

// visible drops facts about names that a macro binds anew.
func (c *checker) visible(e *celfront.Expr, known facts) facts {
	if len(e.Vars) == 0 {
		return known
	}
	out := facts{}
	for k := range known {
		shadowed := false
		for _, v := range e.Vars {
			shadowed = shadowed || strings.Contains(k, v)
		}
		if !shadowed {
			out[k] = true
		}
	}
	return out
}

// fails reports whether a node's own operation may fail.
func (c *checker) fails(e *celfront.Expr, known facts) (failure, bool) {
	switch e.Op {
	case celfront.Var:
		return c.letFails(e)
	case celfront.Select:
		if isMap(e.Args[0]) && !known[hasField(e.Args[0], e.Name)] {
			return missingKey(e.Args[0], `"`+e.Name+`"`), true
		}
		return failure{}, false
	case celfront.Call:
	default:
		return failure{}, false
	}
	if strings.HasPrefix(e.Overload, "let_") {
		return c.letFails(e)
	}
	switch e.Name {
	case "_[_]":
		return indexFails(e, known)
	case "value":
		if !known[hasValue(e.Args[0])] {
			return failure{why: "this fails when the optional has no value", guard: e.Args[0].Span.Text() + ".hasValue()"}, true
		}
	case "_+_", "_-_", "_*_", "-_":
		return arithmeticFails(e)
	case "_/_", "_%_":
		return divisionFails(e)
	case "in_cidr":
		if a := e.Args[0]; a.Op != celfront.Var || a.Name != "source.ip" {
			return failure{why: "this fails when the text is not an IP address"}, true
		}
	case "int", "uint", "double", "bool", "timestamp", "duration":
		return conversionFails(e)
	}
	return failure{}, false
}

func missingKey(m *celfront.Expr, key string) failure {
	return failure{
		why:     "this fails when the header is not there",
		guard:   key + " in " + m.Name,
		instead: m.Name + "[?" + key + `].orValue("")`,
	}
}

func indexFails(e *celfront.Expr, known facts) (failure, bool) {
	switch m, k := e.Args[0], e.Args[1]; {
	case isMap(m):
		if !known[hasKey(m, k)] {
			return missingKey(m, k.Span.Text()), true
		}
	case m.Type.Kind == types.List:
		n, ok := k.Value.(int64)
		if k.Op == celfront.Const && ok && n >= 0 && known[longer(m, n)] {
			return failure{}, false
		}
		if k.Op == celfront.Const && ok && n >= 0 && m.Op == celfront.List && n < int64(len(m.Args)) {
			return failure{}, false
		}
		f := failure{why: "this fails when the list is too short"}
		if k.Op == celfront.Const && ok && n >= 0 {
			f.guard = "size(" + m.Span.Text() + ") > " + k.Span.Text()
		}
		return f, true
	}
	return failure{}, false
}

func arithmeticFails(e *celfront.Expr) (failure, bool) {
	switch e.Type.Kind {
	case types.Int:
		if callBounds(e).small() {
			return failure{}, false
		}
		return failure{why: "this fails when the result does not fit an int"}, true
	case types.Uint:
		if b := callBounds(e); b.small() && b.lo >= 0 {
			return failure{}, false
		}
		return failure{why: "this fails when the result does not fit a uint"}, true
	case types.Duration, types.Timestamp:
		if clockPlusConstant(e) {
			return failure{}, false
		}
		return failure{why: "this fails when the result is out of the range of times"}, true
	}
	return failure{}, false
}

// clockPlusConstant is now plus or minus a constant duration of up to a
// century, which stays within the calendar.
func clockPlusConstant(e *celfront.Expr) bool {
	if e.Type.Kind != types.Timestamp || len(e.Args) != 2 {
		return false
	}
	clock, d := e.Args[0], e.Args[1]
	if d.Type.Kind == types.Timestamp {
		clock, d = d, clock
	}
	if clock.Op != celfront.Var || clock.Name != "now" && clock.Name != "request.time" ||
		d.Op != celfront.Call || d.Name != "duration" || d.Args[0].Op != celfront.Const {
		return false
	}
	text, _ := d.Args[0].Value.(string)
	span, err := time.ParseDuration(text)
	return err == nil && span.Abs() < 100*365*24*time.Hour
}

func divisionFails(e *celfront.Expr) (failure, bool) {
	if e.Type.Kind != types.Int && e.Type.Kind != types.Uint {
		return failure{}, false
	}
	if b := bounds(e.Args[1]); b.lo > 0 || b.hi < 0 && b.lo > math.MinInt64 && b.hi < -1 {
		return failure{}, false
	}
	return failure{why: "this fails when the divisor is 0"}, true
}

func conversionFails(e *celfront.Expr) (failure, bool) {
	from, to := e.Args[0], e.Type.Kind
	switch {
	case from.Type.Kind == to, to == types.Double && from.Type.Kind != types.String:
		return failure{}, false
	case (e.Name == "duration" || e.Name == "timestamp") && from.Op == celfront.Const:
		return failure{}, false // read when the policy is compiled
	case to == types.Int && from.Type.Kind == types.Timestamp:
		return failure{}, false
	case to == types.Uint && from.Type.Kind == types.Int && bounds(from).lo >= 0:
		return failure{}, false
	}
	f := failure{why: "this fails when the value cannot be converted to " + e.Type.String()}
	if to == types.Int && from.Type.Kind == types.String {
		f.instead = "int_or(" + from.Span.Text() + ", 0)"
	}
	return f, true
}

// letFails reports whether reading or calling a let may fail.
func (c *checker) letFails(e *celfront.Expr) (failure, bool) {
	l, ok := c.lets[e.Name]
	if !ok || !c.failing[e.Name] {
		return failure{}, false
	}
	return failure{why: "let " + e.Name + " may fail", let: l.Decl}, true
}
