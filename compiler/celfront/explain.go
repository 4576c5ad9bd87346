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
	optionalOf = regexp.MustCompile(`optional_type\(([^()]*(?:\([^()]*\))?[^()]*)\)`)
	conversion = regexp.MustCompile(` parse error during conversion from string: .*`)
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
	if strings.Contains(m, "lookahead limit") {
		return "the expression is too long to be read past the mistake in it", "", true
	}
	if rest, ok := strings.CutPrefix(m, "Syntax error: "); ok {
		if i := strings.Index(rest, " expecting "); i > 0 {
			rest = rest[:i]
		}
		rest = strings.NewReplacer("no viable alternative at input", "cannot read", "mismatched input", "unexpected",
			"extraneous input", "unexpected", "'<EOF>'", "end of the expression", "token recognition error at: ", "cannot read ").Replace(rest)
		if quoted := between(rest, "'"); quoted != strings.TrimSpace(quoted) {
			rest = strings.Replace(rest, quoted, strings.TrimSpace(quoted), 1) // the character behind it is quoted, too
		}
		return rest, slips[strings.TrimSpace(between(rest, "'"))], true
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
		if form, ok := macroForms[name]; ok {
			return "`" + name + "` is not written like this", form, false
		}
		return "`" + name + "` is not declared", e.nearest(name), false
	}
	if g := noOverload.FindStringSubmatch(m); g != nil {
		args := strings.ReplaceAll(strings.ReplaceAll(g[2], "moe.request, ", ""), "moe.request", "")
		args = typeWords(args)
		name := strings.TrimPrefix(g[1], hidden(""))
		help := ""
		if op, ok := operators[name]; ok {
			name, help = op, overloadHelp(op, args)
		} else if f, ok := e.funcs[name]; ok {
			help = signature(f)
		}
		if target, rest, member := strings.Cut(args, ".("); member {
			return "`" + name + "` of " + target + " does not take (" + rest, help, false
		}
		return "`" + name + "` does not take " + args, help, false
	}
	m = conversion.ReplaceAllString(strings.ReplaceAll(m, hidden(""), ""), "")
	return typeWords(m), "", false
}

// slips are operators of other languages.
var slips = map[string]string{"=": "==", "and": "&&", "or": "||", "&": "&&", "|": "||", "not": "!", "<>": "!="}

// macroForms are how macros are written; with other arguments they are unknown
// functions to cel-go.
var macroForms = map[string]string{
	"has": "has(request.headers.name)", "all": "list.all(x, condition)", "exists": "list.exists(x, condition)",
	"exists_one": "list.exists_one(x, condition)", "existsOne": "list.existsOne(index, x, condition)", "map": "list.map(x, value)",
	"filter": "list.filter(x, condition)", "sortBy": "list.sortBy(x, key)", "bind": "cel.bind(name, value, expression)",
	"optMap": "optional.optMap(x, value)", "optFlatMap": "optional.optFlatMap(x, optional)",
	"transformList": "list.transformList(index, x, value)", "transformMap": "map.transformMap(key, x, value)",
	"transformMapEntry": "map.transformMapEntry(key, x, {key: value})",
}

// between returns the text between the first and the last mark.
func between(s, mark string) string {
	i, j := strings.Index(s, mark), strings.LastIndex(s, mark)
	if i == j {
		return ""
	}
	return s[i+len(mark) : j]
}

// typeWords writes cel-go's optional types as policies do.
func typeWords(s string) string {
	for optionalOf.MatchString(s) {
		s = optionalOf.ReplaceAllString(s, "$1?")
	}
	return s
}

func overloadHelp(op, args string) string {
	switch {
	case strings.Contains(args, "?"):
		return "give the optional a default with .orValue( )"
	case op == "+" && strings.Contains(args, "string"):
		return "convert the other side with string( )"
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

// namespace reports whether declared names begin with a word and a dot.
func (e *Env) namespace(word string) bool {
	for n := range e.vars {
		if strings.HasPrefix(n, word+".") {
			return true
		}
	}
	return false
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
	names = append(names, "in_cidr", "int_or", "size", "matches", "startsWith", "endsWith", "contains", "orValue", "hasValue", "string", "int", "double", "duration", "timestamp")
	sort.Strings(names)
	best, bestD := "", map[int]int{0: 0, 1: 0, 2: 1, 3: 2, 4: 2}[len(name)]
	if len(name) > 4 {
		bestD = len(name)/3 + 2
	}
	for _, n := range names {
		if d := distance(name, n); d > 0 && d < bestD {
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
