package celfront

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"moec.dev/moec/compiler/types"
)

// operators are cel-go's names of what is written with a sign.
var operators = map[string]string{
	"_==_": "==", "_!=_": "!=", "_<_": "<", "_<=_": "<=", "_>_": ">", "_>=_": ">=",
	"_+_": "+", "_-_": "-", "_*_": "*", "_/_": "/", "_%_": "%", "_&&_": "&&", "_||_": "||",
	"!_": "!", "-_": "-", "@in": "in", "_[_]": "[ ]", "_?_:_": "? :", "_[?_]": "[? ]", "_?._": ".?",
	"@not_strictly_false": "the condition",
}

// mismatch says what a function or operator takes, and what it got: args is
// (int, string), or string.(int) where a member was called.
func (e *Env) mismatch(name, args string, o operands) (msg, help string) {
	target, rest, member := strings.Cut(args, ".(")
	if !member {
		rest = strings.TrimPrefix(args, "(")
	}
	got := split(strings.TrimSuffix(rest, ")"))
	if sign, ok := operators[name]; ok {
		return operatorWords(sign, got, o)
	}
	if f, ok := e.funcs[name]; ok {
		return "`" + name + "` takes " + tuple(f.Params) + ", not (" + strings.Join(got, ", ") + ")", signature(f)
	}
	for _, f := range requestFunctions {
		if f.name == name {
			return "`" + name + "` takes a constant string, not " + article(strings.Join(got, ", ")), name + `("name")`
		}
	}
	if name == "@sortByAssociatedKeys" {
		return "`sortBy` takes keys that can be compared, not " + strings.TrimSuffix(strings.TrimPrefix(rest, "list("), "))"), "list.sortBy(x, key)"
	}
	var takes, targets, global []string
	for _, s := range overloads(name) {
		switch {
		case s.member && member && fits(s.params[0], target):
			takes = append(takes, tuple(s.params[1:]))
		case s.member:
			targets = append(targets, typeWords(plain(s.params[0])))
		default:
			global = append(global, tuple(s.params))
		}
	}
	switch {
	case member && name == "or" && len(got) == 1 && strings.TrimSuffix(target, "?") == got[0]:
		return "`or` takes another optional, not " + article(got[0]), "orValue"
	case member && len(takes) > 0:
		return "`" + name + "` of " + target + " takes " + either(takes) + ", not (" + strings.Join(got, ", ") + ")", argumentHelp(got)
	case member && len(targets) > 0:
		return "`" + name + "` belongs to " + either(targets) + ", not to " + target, targetHelp(name, target, targets, o)
	case member && len(global) > 0:
		return "`" + name + "` is called as " + name + "( ), with the value in it", name + "(value)"
	case len(global) > 0:
		return "`" + name + "` takes " + either(global) + ", not (" + strings.Join(got, ", ") + ")", argumentHelp(got)
	case len(targets) > 0:
		return "`" + name + "` is called behind a value of type " + either(targets), "value." + name + "( )"
	}
	return "`" + name + "` does not take " + args, ""
}

// operatorWords: what stands on the two sides of an operator does not go together.
func operatorWords(sign string, got []string, o operands) (msg, help string) {
	a := got[0]
	b := a
	if len(got) > 1 {
		b = got[1]
	}
	help = convert2(sign, a, b, o)
	switch sign {
	case "==", "!=", "<", "<=", ">", ">=":
		return "`" + sign + "` compares values of one type, not " + article(a) + " with " + article(b), help
	case "+":
		return "`+` adds two values of one type, not " + article(a) + " and " + article(b), help
	case "*", "/", "%":
		return "`" + sign + "` takes two numbers of one type, not " + article(a) + " and " + article(b), help
	case "-":
		if len(got) == 1 {
			return "`-` takes a number, not " + article(a), help
		}
		return "`-` takes two numbers of one type, or times, not " + article(a) + " and " + article(b), help
	case "!":
		help = ""
		if other := map[string]string{"string": `""`, "int": "0", "uint": "0u"}[a]; other != "" && o.right != "" {
			help = o.right + " == " + other
		}
		return "`!` takes a bool, not " + article(a), help
	case "? :":
		if a != "bool" {
			return "the condition before `?` must be a bool, not " + article(a), convert1(a, "bool", o.left)
		}
		if len(got) == 3 {
			return "`? :` chooses between two values of one type, not " + article(b) + " and " + article(got[2]), ""
		}
	case "in":
		switch {
		case b == "string":
			return "`in` looks into a list or a map, not into a string", o.found()
		case !strings.HasPrefix(b, "list(") && !strings.HasPrefix(b, "map("):
			return "`in` looks into a list or a map, not into " + article(b), ""
		}
		return "`in` cannot find " + article(a) + " in " + article(b), ""
	case "[ ]", "[? ]":
		switch {
		case strings.HasPrefix(a, "list("):
			return "the place in a list is an int, not " + article(b), ""
		case strings.HasPrefix(a, "map("):
			return "the keys of a " + a + " are not of type " + b, ""
		case a == "string":
			return "`" + sign + "` is for lists and maps, not for a string", o.char()
		}
		return "`" + sign + "` is for lists and maps, not for " + article(a), help
	case "&&", "||":
		return "`" + sign + "` takes two bools, not " + article(a) + " and " + article(b), ""
	}
	return "`" + sign + "` does not take " + strings.Join(got, ", "), help
}

// found looks for one text in another.
func (o operands) found() string {
	if o.left == "" || o.right == "" {
		return ""
	}
	return member(o.right) + ".contains(" + o.left + ")"
}

// char is a character of a text.
func (o operands) char() string {
	if o.left == "" || len(o.args) != 1 {
		return ""
	}
	return member(o.left) + ".charAt(" + o.args[0] + ")"
}

// convert2 writes an operation with its two types made one, or says how.
func convert2(sign, a, b string, o operands) string {
	is := func(x, y string) bool { return a == x && b == y || a == y && b == x }
	// with writes the operand of a type in another way.
	with := func(t string, write func(string) string) string {
		l, r := o.left, o.right
		if l == "" || r == "" {
			return ""
		}
		if a == t {
			l = write(l)
		} else {
			r = write(r)
		}
		if l == "" || r == "" {
			return ""
		}
		return l + " " + sign + " " + r
	}
	in := func(function string) func(string) string {
		return func(s string) string { return function + "(" + s + ")" }
	}
	switch {
	case strings.HasSuffix(a, "?") != strings.HasSuffix(b, "?"):
		return "give the optional a default with .orValue( )"
	case is("int", "string") && sign != "+" && sign != "==" && sign != "!=":
		return with("string", in("int"))
	case is("int", "string"), is("uint", "string"), is("double", "string"):
		return with(map[bool]string{true: b, false: a}[a == "string"], in("string"))
	case sign == "+" && is("bool", "string"):
		return with("bool", in("string"))
	case is("int", "double"), is("uint", "double"):
		return with(map[bool]string{true: b, false: a}[a == "double"], func(s string) string {
			if n, ok := number(s); ok {
				return n + ".0"
			}
			return "double(" + s + ")"
		})
	case is("int", "uint"):
		if n, ok := number(o.left); ok && a == "int" && n[0] != '-' {
			return with("int", func(string) string { return n + "u" })
		}
		if n, ok := number(o.right); ok && b == "int" && n[0] != '-' {
			return with("int", func(string) string { return n + "u" })
		}
		return with("uint", func(s string) string {
			if n, ok := number(s); ok {
				return n
			}
			return "int(" + s + ")"
		})
	case is("timestamp", "string") && (sign == "+" || sign == "-"), is("duration", "string"):
		return with("string", times("duration", "1h"))
	case is("timestamp", "string"):
		return with("string", times("timestamp", "2026-01-02T15:04:05Z"))
	case (is("timestamp", "int") || is("duration", "int")) && sign != "*" && sign != "/" && sign != "%":
		return with("int", func(s string) string {
			if n, ok := number(s); ok {
				return `duration("` + n + `s")`
			}
			return ""
		})
	case a == "null" || b == "null":
		return "this is never null: compare with an empty value"
	case is("bytes", "string"):
		return with("string", in("bytes"))
	case strings.HasPrefix(a, "list(") && !strings.HasPrefix(b, "list(") && (sign == "==" || sign == "!=") && o.left != "" && o.right != "":
		return map[string]string{"==": o.right + " in " + o.left, "!=": "!(" + o.right + " in " + o.left + ")"}[sign]
	case is("bool", "string"):
		return `a bool is written true or false, without quotes`
	case a == "bool" && sign != "" && strings.Contains("<>=", sign[:1]) && sign != "==" && o.middle != "":
		return o.left + " && " + o.middle + " " + sign + " " + o.right
	}
	return ""
}

// times reads a time from a text; a written one that is none is exchanged for
// an example.
func times(function, example string) func(string) string {
	return func(s string) string {
		v, literal := quotation(s)
		if literal && function == "duration" {
			if _, err := time.ParseDuration(v); err != nil {
				s = strconv.Quote(example)
			}
		} else if literal {
			if _, err := time.Parse(time.DateOnly, v); err == nil {
				s = strconv.Quote(v + "T00:00:00Z")
			} else if _, err := time.Parse(time.RFC3339, v); err != nil {
				s = strconv.Quote(example)
			}
		}
		return function + "(" + s + ")"
	}
}

// convert1 writes a value of one type as one of another, or says how.
func convert1(have, want, text string) string {
	switch {
	case have == want+"?":
		return "give the optional a default with .orValue( )"
	case text == "":
		return ""
	case want == "bool" && have == "string":
		return text + ` != ""`
	case want == "bool" && have == "int":
		return text + " != 0"
	case want == "bool" && have == "uint":
		return text + " != 0u"
	case want == "bool" && (strings.HasPrefix(have, "list(") || strings.HasPrefix(have, "map(")):
		return "size(" + text + ") > 0"
	case want == "string" && slices.Contains([]string{"int", "uint", "double", "bool", "timestamp", "duration", "bytes", "net.IP", "net.CIDR"}, have):
		return "string(" + text + ")"
	}
	return ""
}

func argumentHelp(got []string) string {
	for _, t := range got {
		if strings.HasSuffix(t, "?") {
			return "give the optional a default with .orValue( )"
		}
	}
	return ""
}

// targetHelp: the value before the dot is one of, or holds, what is meant.
func targetHelp(name, target string, targets []string, o operands) string {
	if strings.HasSuffix(target, "?") {
		return "give the optional a default with .orValue( )"
	}
	if o.left == "" {
		return ""
	}
	args := "(" + strings.Join(o.args, ", ") + ")"
	switch {
	case target == "list(string)" && name == "contains" && len(o.args) == 1:
		return o.args[0] + " in " + o.left
	case target == "list(string)" && slices.Contains(targets, "string"):
		return member(o.left) + ".exists(x, x." + name + args + ")"
	case strings.HasPrefix(target, "list(") && name == "orValue":
		return member(o.left) + "[?0].orValue" + args
	case target == "net.IP" && name == "contains":
		return `cidr("10.0.0.0/8").containsIP(` + o.left + ")"
	case slices.Contains(targets, "string") && (target == "int" || target == "uint" || target == "double"):
		return "string(" + o.left + ")." + name + args
	case slices.Contains(targets, "timestamp") && target == "string":
		return "timestamp(" + o.left + ")." + name + args
	}
	return ""
}

// overload is one of the forms of a function.
type overload struct {
	member bool
	params []*types.Type
}

func overloads(name string) []overload {
	b, err := base()
	if err != nil {
		return nil
	}
	f := b.Functions()[name]
	if f == nil {
		return nil
	}
	var out []overload
	for _, o := range f.OverloadDecls() {
		s := overload{member: o.IsMemberFunction()}
		for _, p := range o.ArgTypes() {
			s.params = append(s.params, convert(p, types.ParamOf))
		}
		out = append(out, s)
	}
	return out
}

// fits reports whether a type that is given as text can be that of a parameter.
func fits(p *types.Type, text string) bool {
	switch p.Kind {
	case types.Param, types.Dyn:
		return true
	case types.List:
		inner, ok := strings.CutPrefix(text, "list(")
		return ok && fits(p.Elem, strings.TrimSuffix(inner, ")"))
	case types.Map:
		return strings.HasPrefix(text, "map(")
	case types.Optional:
		inner, ok := strings.CutSuffix(text, "?")
		return ok && fits(p.Elem, inner)
	}
	return text == p.String() || text == "dyn"
}

// plain is the text of a type, with parameters as anything.
func plain(t *types.Type) string {
	switch {
	case t.Kind == types.Param, t.Kind == types.Dyn:
		return "anything"
	case t.Kind == types.List && (t.Elem.Kind == types.Param || t.Elem.Kind == types.Dyn):
		return "list"
	case t.Kind == types.Map:
		return "map"
	case t.Kind == types.Optional:
		return "optional"
	case t.Kind == types.List:
		return "list(" + plain(t.Elem) + ")"
	}
	return t.String()
}

func tuple(params []*types.Type) string {
	var out []string
	for _, p := range params {
		out = append(out, plain(p))
	}
	return "(" + strings.Join(out, ", ") + ")"
}

// either joins alternatives, without repetitions.
func either(list []string) string {
	list = slices.Clone(list)
	slices.Sort(list)
	list = slices.Compact(list)
	if len(list) == 1 {
		return list[0]
	}
	return strings.Join(list[:len(list)-1], ", ") + " or " + list[len(list)-1]
}

// split cuts a list of types at its outermost commas.
func split(s string) []string {
	if s == "" {
		return nil
	}
	var out []string
	depth, from := 0, 0
	for i, c := range s {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			out = append(out, s[from:i])
			from = i + 2
		}
	}
	return append(out, s[min(from, len(s)):])
}

func signature(f Function) string {
	var ps []string
	for _, p := range f.Params {
		ps = append(ps, p.String())
	}
	return f.Name + "(" + strings.Join(ps, ", ") + ")"
}
