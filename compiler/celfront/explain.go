package celfront

import (
	"regexp"
	"strconv"
	"strings"

	"cel.dev/cel-go/common"

	"moec.dev/moec/dsl/source"
)

var (
	undeclared    = regexp.MustCompile(`^undeclared reference to '([^']*)'`)
	noOverload    = regexp.MustCompile(`^found no matching overload for '([^']*)' applied to '(.*)'$`)
	optionalOf    = regexp.MustCompile(`optional_type\(([^()]*(?:\([^()]*\))?[^()]*)\)`)
	wantedType    = regexp.MustCompile(`^expected type '(.*)' but found '(.*)'$`)
	noField       = regexp.MustCompile(`^type '(.*)' does not support field selection`)
	noRange       = regexp.MustCompile(`^expression of type '(.*)' cannot be range of a comprehension`)
	badAddress    = regexp.MustCompile(`^invalid (ip|cidr) argument: (?:IP Address|CIDR|IP address|IPv4-mapped IPv6 address) ("(?:[^"\\]|\\.)*")`)
	formatSurplus = regexp.MustCompile(`^too many arguments supplied to string.format \(expected (\d+), got (\d+)\)`)
	formatShort   = regexp.MustCompile(`^index (\d+) out of range`)
	formatType    = regexp.MustCompile(`^error during formatting: (.*), was given (.*)$`)
	formatOdd     = regexp.MustCompile(`unrecognized formatting clause "(.)"`)
	isReserved    = regexp.MustCompile(`^reserved identifier: (\w+)`)
)

// explain puts one of cel-go's messages into words for the author of a policy.
// text[off:] is where it points to.
func (e *Env) explain(err *common.Error, text string, off int) (msg, help string, syntax bool) {
	m := err.Message
	if strings.Contains(m, "lookahead limit") {
		return "the expression is too long to be read past the mistake in it", "", true
	}
	if rest, ok := strings.CutPrefix(m, "Syntax error: "); ok {
		msg, help = syntaxWords(rest, text, off)
		return msg, help, true
	}
	called := off < len(text) && text[off] == '('
	if g := undeclared.FindStringSubmatch(m); g != nil {
		if msg, help, ok := e.unknownFunction(g[1], text[min(off, len(text)):]); ok {
			return msg, help, false
		}
		if isKey(text, off, g[1]) {
			return "`" + g[1] + "` is not declared", strconv.Quote(g[1]), false
		}
		msg, help = e.unknown(strings.TrimPrefix(g[1], hidden("")), called)
		if called {
			help = misspelt(help, beside(text, off))
		}
		return msg, help, false
	}
	if g := noOverload.FindStringSubmatch(m); g != nil {
		args := strings.ReplaceAll(strings.ReplaceAll(g[2], "moe.request, ", ""), "moe.request", "")
		msg, help = e.mismatch(strings.TrimPrefix(g[1], hidden("")), typeWords(args), beside(text, off))
		return msg, help, false
	}
	msg, help = plainWords(typeWords(strings.ReplaceAll(m, hidden(""), "")), operand(text, off))
	return msg, help, false
}

// operand is the word, number or text at a byte, where nothing follows that
// belongs to it, or "".
func operand(text string, off int) string {
	x := newExtents(source.Span{}, text)
	if len(x.tokens) == 0 {
		return ""
	}
	i := x.token(off)
	if k := x.kind(i); k == '.' && x.kind(i-1) == 'a' {
		i = x.word(i)
	} else if k != 'a' && k != '0' && k != '"' {
		return ""
	}
	if k := x.kind(i + 1); k == '(' || k == '[' || k == '{' || k == '.' {
		return ""
	}
	return text[x.tokens[x.name(i)].start:x.tokens[i].end]
}

// misspelt is the form of a macro with what stands in its misspelt call.
func misspelt(form string, o operands) string {
	at := strings.IndexByte(form, '.')
	if at < 0 || at > strings.IndexByte(form, '(') || !binds(form) {
		return form
	}
	names := strings.Split(strings.TrimSuffix(form[strings.IndexByte(form, '(')+1:], ")"), ", ")
	if o.left == "" || form[:at] == "cel" || len(o.args) != len(names) || operand(o.args[0], 0) != o.args[0] {
		return form
	}
	return member(o.left) + form[at:strings.IndexByte(form, '(')] + "(" + strings.Join(o.args, ", ") + ")"
}

// isKey reports whether a name stands as the key of a map.
func isKey(text string, off int, name string) bool {
	before := strings.TrimRight(text[:min(off, len(text))], " \t\n")
	behind := strings.TrimLeft(text[min(off+len(name), len(text)):], " \t\n")
	return strings.HasPrefix(behind, ":") && (strings.HasSuffix(before, "{") || strings.HasSuffix(before, ","))
}

// plainWords are the checker's other messages.
func plainWords(m, at string) (msg, help string) {
	if g := wantedType.FindStringSubmatch(m); g != nil {
		help = convert1(g[2], g[1], at)
		return "this is " + article(g[2]) + "; " + article(g[1]) + " is needed here", help
	}
	if g := noField.FindStringSubmatch(m); g != nil {
		help = fieldHelp(g[1])
		return "`" + g[1] + "` has no fields", help
	}
	if g := noRange.FindStringSubmatch(m); g != nil {
		return "a macro goes over a list or a map, not over " + article(g[1]), ""
	}
	if g := badAddress.FindStringSubmatch(m); g != nil {
		if g[1] == "ip" {
			return g[2] + " is not an IP address", ""
		}
		return g[2] + " is not a block of addresses", "10.0.0.0/8"
	}
	if g := formatSurplus.FindStringSubmatch(m); g != nil {
		return "the format takes " + g[1] + " of the " + g[2] + " values", ""
	}
	if g := formatShort.FindStringSubmatch(m); g != nil {
		return "the format takes more values than there are", ""
	}
	if g := formatType.FindStringSubmatch(m); g != nil {
		return "this is " + article(g[2]) + "; the " + strings.Replace(strings.Replace(g[1], "can only be used on", "of the format takes", 1), "only ", "format takes as hex only ", 1), ""
	}
	if g := formatOdd.FindStringSubmatch(m); g != nil {
		return "the format has no clause %" + g[1], "%s, %d, %f, %e, %b, %o, %x or %X"
	}
	if g := isReserved.FindStringSubmatch(m); g != nil {
		if g[1] == "if" {
			return "`if` is a reserved word", "condition ? value : other"
		}
		return "`" + g[1] + "` is a reserved word", macroForms[map[string]string{"for": "exists", "in": ""}[g[1]]]
	}
	switch {
	case strings.Contains(m, "recursion"):
		return "operations stand inside each other too deeply, or too many one behind another", "split it with let"
	case strings.Contains(m, "invalid argument to has() macro"):
		return "has( ) takes the selection of a field", "has(request.headers.name), or \"name\" in request.headers"
	case strings.Contains(m, "invalid int literal"):
		return "this number does not fit an int", ""
	case strings.Contains(m, "invalid uint literal"):
		return "this number does not fit a uint", ""
	case strings.Contains(m, "must be a simple name"), strings.Contains(m, "must be simple identifiers"):
		return "a name must stand here, for the macro to bind", ""
	case strings.Contains(m, "simple literal arguments must be numeric"), strings.Contains(m, "invalid single argument value"):
		return "math.greatest and math.least take numbers", ""
	case strings.Contains(m, "requires at least one argument"):
		return "math.greatest and math.least take numbers: there is none", ""
	}
	return conversion.ReplaceAllString(m, ""), ""
}

var conversion = regexp.MustCompile(` parse error during conversion from string: .*`)

// fieldHelp is what is meant by a dot behind a value without fields.
func fieldHelp(t string) string {
	switch t {
	case "timestamp":
		return "getFullYear( ), getMonth( ), getDate( ), getHours( ) and the like"
	case "string":
		return "a text has functions only, such as size( ) and startsWith( )"
	}
	return ""
}

// article is a type with the word that stands before it.
func article(t string) string {
	if t == "null" || t == "dyn" || t == "bytes" || strings.HasPrefix(t, "type") || strings.Contains(t, ", ") && !strings.Contains(t, "(") {
		return t
	}
	if strings.ContainsAny(t[:min(1, len(t))], "aeio") {
		return "an " + t
	}
	return "a " + t
}

// syntaxWords are the parser's messages.
func syntaxWords(m, text string, off int) (msg, help string) {
	if i := strings.Index(m, " expecting "); i > 0 {
		m = m[:i]
	}
	m = strings.NewReplacer("no viable alternative at input", "cannot read", "mismatched input", "unexpected",
		"extraneous input", "unexpected", "'<EOF>'", "end of the expression", "token recognition error at: ", "cannot read ").Replace(m)
	quoted := between(m, "'")
	if quoted != strings.TrimSpace(quoted) {
		m = strings.Replace(m, quoted, strings.TrimSpace(quoted), 1) // the character behind it is quoted, too
	}
	quoted = strings.TrimSpace(quoted)
	if strings.HasPrefix(m, "cannot read '\"") || strings.HasPrefix(m, "cannot read ''") {
		if i := strings.IndexByte(quoted, '\\'); i >= 0 {
			return "a text cannot hold " + strings.TrimRight(quoted[i:], `"'`), `a backslash is written \\`
		}
		return "this text has no end", ""
	}
	// What stands around the place tells what was meant.
	around := text[max(0, min(off, len(text))-2):min(len(text), min(off, len(text))+2)]
	for _, s := range []struct{ sign, meant string }{
		{"===", "=="}, {"!==", "!="}, {"<>", "!="}, {"=~", `text.matches("^...$")`}, {"=>", "list.exists(x, condition)"}, {"??", "optional.orValue(other)"}, {"++", "value + 1"}, {"?.", "optional.orValue(other), or map.?name"},
	} {
		if strings.Contains(around, s.sign) {
			return m, s.meant
		}
	}
	if fields := strings.Fields(text[:min(off, len(text))]); len(fields) > 0 && fields[len(fields)-1] == "not" {
		return m, "!"
	}
	return m, slips[quoted]
}

// slips are operators of other languages.
var slips = map[string]string{
	"=": "==", "and": "&&", "or": "||", "&": "&&", "|": "||", "is": "==", "not": "!(value in list)", "eq": "==", "ne": "!=",
	"matches": `text.matches("^...$")`, "contains": "text.contains(part)", "startsWith": "text.startsWith(part)", "endsWith": "text.endsWith(part)", "like": "text.contains(part)",
	"~": `text.matches("^...$")`, ";": "one expression stands here",
}

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

// binds reports whether a help is a macro's form: names that it would have
// bound are not declared where it is misspelt.
func binds(help string) bool {
	for _, form := range macroForms {
		if form == help {
			return true
		}
	}
	return false
}

// callsMacro reports whether a help is a macro with the words of a misspelt one.
func callsMacro(help string) bool {
	for name := range macroForms {
		if strings.Contains(help, "."+name+"(") {
			return true
		}
	}
	return false
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
	return strings.NewReplacer("google.protobuf.Timestamp", "timestamp", "google.protobuf.Duration", "duration", "null_type", "null", "optional_type", "optional").Replace(s)
}
