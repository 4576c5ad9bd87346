package celfront

import (
	"regexp"
	"sort"
	"strings"

	"cel.dev/cel-go/common"
)

var (
	undeclared = regexp.MustCompile(`^undeclared reference to '([^']*)'`)
	noOverload = regexp.MustCompile(`^found no matching overload for '([^']*)' applied to '(.*?)'`)
)

// operators are cel-go's names of what is written with a sign.
var operators = map[string]string{
	"_==_": "==", "_!=_": "!=", "_<_": "<", "_<=_": "<=", "_>_": ">", "_>=_": ">=",
	"_+_": "+", "_-_": "-", "_*_": "*", "_/_": "/", "_%_": "%", "_&&_": "&&", "_||_": "||",
	"!_": "!", "-_": "-", "@in": "in", "_[_]": "[ ]", "_?_:_": "? :", "_[?_]": "[? ]", "_?._": ".?",
	"@not_strictly_false": "the condition",
}

// explain puts one of cel-go's messages into words for the author of a policy.
func (e *Env) explain(err *common.Error) (msg, help string, syntax bool) {
	m := err.Message
	if rest, ok := strings.CutPrefix(m, "Syntax error: "); ok {
		if i := strings.Index(rest, " expecting "); i > 0 {
			rest = rest[:i]
		}
		rest = strings.NewReplacer("no viable alternative at input", "cannot read", "mismatched input", "unexpected",
			"extraneous input", "unexpected", "'<EOF>'", "end of the expression", "token recognition error at: ", "cannot read ").Replace(rest)
		return rest, "", true
	}
	if g := undeclared.FindStringSubmatch(m); g != nil {
		name := strings.TrimPrefix(g[1], hidden(""))
		for _, f := range requestFunctions {
			if f.name == name {
				return name + " takes one argument, a string", name + `("name")`, false
			}
		}
		if f, ok := e.funcs[name]; ok {
			return "wrong number of arguments for " + signature(f), "", false
		}
		help := ""
		if near := e.nearest(name); near != "" {
			help = near
		}
		return "`" + name + "` is not declared", help, false
	}
	if g := noOverload.FindStringSubmatch(m); g != nil {
		args := strings.ReplaceAll(strings.ReplaceAll(g[2], "moe.request, ", ""), "moe.request", "")
		name := strings.TrimPrefix(g[1], hidden(""))
		if op, ok := operators[name]; ok {
			return "`" + op + "` does not take " + args, overloadHelp(op, args), false
		}
		if f, ok := e.funcs[name]; ok {
			return "`" + name + "` does not take " + args, signature(f), false
		}
		return "`" + name + "` does not take " + args, "", false
	}
	m = strings.ReplaceAll(m, hidden(""), "")
	return m, "", false
}

func overloadHelp(op, args string) string {
	switch {
	case op == "+" && strings.Contains(args, "string") && args != "(string, string)":
		return "convert the other side with string( )"
	case (op == "==" || op == "!=") && strings.Contains(args, "optional_type"):
		return "give the optional a default with .orValue( )"
	}
	return ""
}

func signature(f Function) string {
	var ps []string
	for _, p := range f.Params {
		ps = append(ps, p.String())
	}
	return f.Name + "(" + strings.Join(ps, ", ") + ")"
}

// nearest returns the declared name closest to one that is not, or "".
func (e *Env) nearest(name string) string {
	var names []string
	for n := range e.vars {
		names = append(names, n)
	}
	for n := range e.funcs {
		names = append(names, n)
	}
	for _, f := range requestFunctions {
		names = append(names, f.name)
	}
	names = append(names, "in_cidr", "int_or", "size", "matches", "string", "int", "double", "duration", "timestamp")
	sort.Strings(names)
	best, bestD := "", len(name)/3+2
	for _, n := range names {
		if d := distance(name, n); d < bestD {
			best, bestD = n, d
		}
	}
	return best
}

// distance is the number of single-character edits between two names.
func distance(a, b string) int {
	prev := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur := make([]int, len(b)+1)
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
		}
		prev = cur
	}
	return prev[len(b)]
}
