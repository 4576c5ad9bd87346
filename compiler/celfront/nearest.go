package celfront

import (
	"slices"
	"sort"
	"strings"
	"sync"
)

// unknown says of a name that it is not declared, and what it may be meant for.
func (e *Env) unknown(name string, called bool) (msg, help string) {
	for _, f := range requestFunctions {
		if f.name == name {
			return name + " takes one argument, a string", name + `("name")`
		}
	}
	if f, ok := e.funcs[name]; ok {
		if !called {
			return "`" + name + "` is a let with parameters", signature(f)
		}
		return "wrong number of arguments for " + signature(f), ""
	}
	if form, ok := macroForms[name]; ok {
		return "`" + name + "` is not written like this", form
	}
	return "`" + name + "` is not declared", e.meant(name, called)
}

// meant is what an undeclared name may be meant for.
func (e *Env) meant(name string, called bool) string {
	if first, _, _ := strings.Cut(name, "."); !called && (first == "path" || first == "hostname") && !e.namespace(first) {
		return first + ".NAME is known in a route with {NAME} in its match; give a let a parameter for it"
	}
	return e.nearest(name, called)
}

// unknownChain says of names with dots that they are not declared; a word that
// stands before dots only has no value of its own.
func (e *Env) unknownChain(names string) (msg, help string) {
	if !e.namespace(names) {
		return "`" + names + "` is not declared", e.meant(names, false)
	}
	var fields []string
	for n := range e.vars {
		if strings.HasPrefix(n, names+".") {
			fields = append(fields, n)
		}
	}
	sort.Strings(fields)
	const most = 8
	if len(fields) > most {
		fields = append(fields[:most], "...")
	}
	return "`" + names + "` has no value of its own", strings.Join(fields, ", ")
}

// noFunction is the end of a message about a name in a function's namespace.
const noFunction = "` is no function"

// unknownFunction says of a name like math.pow that it is no function; ok is
// false for a word that no function's name begins with.
func (e *Env) unknownFunction(word, text string) (msg, help string, ok bool) {
	rest, found := strings.CutPrefix(text, word+".")
	if !found || !slices.ContainsFunc(functionNames(), func(n string) bool { return strings.HasPrefix(n, word+".") }) {
		return "", "", false
	}
	end := 0
	for end < len(rest) && isWord(rest[end]) {
		end++
	}
	name := word + "." + rest[:end]
	return "`" + name + noFunction, e.nearest(name, true), true
}

// foreign are names that other languages have for what CEL calls otherwise.
var foreign = map[string]string{
	"includes": "contains", "include": "contains", "hasprefix": "startsWith", "hassuffix": "endsWith", "beginswith": "startsWith",
	"tolowercase": "lowerAscii", "tolower": "lowerAscii", "lower": "lowerAscii", "lowercase": "lowerAscii", "touppercase": "upperAscii", "toupper": "upperAscii", "upper": "upperAscii", "uppercase": "upperAscii",
	"length": "size", "len": "size", "count": "size", "strlen": "size", "substr": "substring", "slice": "substring", "match": "matches", "regex": "matches", "test": "matches", "strip": "trim",
	"tostring": "string", "str": "string", "toint": "int", "integer": "int", "parseint": "int_or", "atoi": "int_or", "float": "double", "number": "double", "boolean": "bool",
	"math.max": "math.greatest", "math.min": "math.least", "max": "math.greatest", "min": "math.least", "math.pow": "", "abs": "math.abs",
	"any": "list.exists(x, condition)", "some": "list.exists(x, condition)", "every": "list.all(x, condition)", "exist": "list.exists(x, condition)", "find": "list.filter(x, condition)", "foreach": "list.all(x, condition)",
	"optional.some": "optional.of", "optional.just": "optional.of", "optional.empty": "optional.none", "json.stringify": "json.encode", "json.dumps": "json.encode", "json.decode": "json.parse", "json.loads": "json.parse",
	"getyear": "getFullYear", "year": "getFullYear", "month": "getMonth", "hour": "getHours", "gethour": "getHours", "getday": "getDayOfMonth", "day": "getDayOfMonth", "minute": "getMinutes",
	"get": `map[?"name"].orValue("")`, "haskey": "key in map", "containskey": "key in map", "isempty": "size(value) == 0", "getordefault": `map[?"name"].orValue("")`,
	"getheader": "header", "getquery": "query", "getcookie": "cookie",
	"nil": "null", "none": "null", "undefined": "null", "headers": "request.headers", "self": "request", "this": "request", "req": "request", "user": "identity", "claims": "identity.claims", "time": "now",
}

// functionNames are the functions and macros that every expression can call.
var functionNames = sync.OnceValue(func() []string {
	var names []string
	if b, err := base(); err == nil {
		for n := range b.Functions() {
			if !strings.ContainsAny(n, "@") && !strings.HasPrefix(n, "_") && !strings.HasSuffix(n, "_") && operators[n] == "" {
				names = append(names, n)
			}
		}
	}
	for n := range macroForms {
		names = append(names, n)
	}
	for _, f := range requestFunctions {
		names = append(names, f.name)
	}
	names = append(names, "math.greatest", "math.least", "cel.bind")
	sort.Strings(names)
	return names
})

// namespace reports whether declared names begin with a word and a dot.
func (e *Env) namespace(word string) bool {
	for n := range e.vars {
		if strings.HasPrefix(n, word+".") {
			return true
		}
	}
	return false
}

// nearest returns the declared name closest to one that is not, or "": a
// function for what is called, else a value.
func (e *Env) nearest(name string, called bool) string {
	var names []string
	if called {
		names = append(names, functionNames()...)
		for n := range e.funcs {
			names = append(names, n)
		}
	} else {
		for n := range e.vars {
			names = append(names, n)
		}
		names = append(names, "true", "false", "null")
	}
	sort.Strings(names)
	lower := plainName(name)
	for _, n := range names {
		if plainName(n) == lower && n != name {
			return spelled(n)
		}
	}
	if meant, ok := foreign[lower]; ok && (called || !strings.Contains(meant, "(")) {
		if called && meant != "request.headers" || e.vars[meant] != nil || e.namespace(meant) || meant == "null" || meant == "true" || meant == "false" {
			return meant
		}
	}
	best, bestD := "", map[int]int{0: 0, 1: 0, 2: 1, 3: 2, 4: 2}[len(name)]
	if len(name) > 4 {
		bestD = min(len(name)/3+2, 5)
	}
	if len(name) > 64 {
		return ""
	}
	for _, n := range names {
		if d := distance(name, n); d > 0 && d < bestD {
			best, bestD = n, d
		}
	}
	if best == "" && !called {
		for _, n := range namesOfTypes {
			if len(name) > 2 && distance(name, n) == 1 {
				best = n
			}
		}
	}
	if best == "" && called && len(name) > 4 {
		bestD = 3
		for _, n := range foreignNames() {
			if d := distance(lower, n); d < bestD {
				best, bestD = foreign[n], d
			}
		}
	}
	return spelled(best)
}

// namesOfTypes are what type(x) is compared with.
var namesOfTypes = []string{"bool", "bytes", "double", "int", "list", "map", "null_type", "string", "type", "uint"}

// foreignNames are those of foreign, in one order.
var foreignNames = sync.OnceValue(func() []string {
	var names []string
	for n := range foreign {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
})

// spelled is the form of a macro, and any other name as it is.
func spelled(name string) string {
	if form := macroForms[name]; form != "" {
		return form
	}
	return name
}

// plainName leaves out what people write differently: case and underscores.
func plainName(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

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
