package syntax

import (
	"sort"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
)

// reserved are the words that cannot be names, with the reason.
var reserved = func() map[string]string {
	m := map[string]string{}
	for reason, list := range map[string]string{
		"a reserved word of CEL": "as break const continue else false for function if import in let loop package " +
			"namespace null return true var void while",
		"what expressions read of a request": "request source destination connection response xds path hostname " +
			"identity identities route now",
		"a function that expressions call": "header query cookie header_values query_values metadata in_cidr int_or " +
			"size type dyn matches has duration timestamp",
		"a type or namespace of CEL": "bool int uint double string bytes list map null_type optional optional_type math sets " +
			"lists strings base64 cel net",
		"a word of the language": "allow deny limit set add remove forward redirect respond rewrite timeout retry use " +
			"shadow auth public match host when with by on to from key cost burst or and all except authenticated nobody",
	} {
		for _, w := range strings.Fields(list) {
			if m[w] == "" || m[w] > reason {
				m[w] = reason
			}
		}
	}
	return m
}()

// Reserved returns why a word cannot be a name, "" if it can.
func Reserved(word string) string { return reserved[word] }

// ValidName reports whether a word has the form of a name: a lower-case letter,
// then lower-case letters, digits and _.
func ValidName(word string) bool {
	for i := 0; i < len(word); i++ {
		c := word[i]
		if c >= 'a' && c <= 'z' || i > 0 && (c == '_' || digit(c)) {
			continue
		}
		return false
	}
	return word != ""
}

// reference returns a name that is used; what it may be is checked where it is
// resolved.
func (c *lowering) reference(t lexer.Token) ast.Name {
	if !written(t) {
		return ast.Name{}
	}
	return ast.Name{At: c.at(t), Text: t.Value}
}

// declare returns a name that is declared here, and reports one that cannot be.
func (c *lowering) declare(t lexer.Token) ast.Name {
	n := c.reference(t)
	switch {
	case n.Text == "":
	case !ValidName(n.Text):
		d := c.diags.Add(diag.BadName, n.Place, "`%s` cannot be a name: names have lower-case letters, digits and _, and begin with a letter", n.Text)
		if fixed := snake(n.Text); ValidName(fixed) && reserved[fixed] == "" {
			d.Helpf("%s", fixed)
		}
	case reserved[n.Text] != "":
		c.diags.Add(diag.BadName, n.Place, "`%s` cannot be a name: it is %s", n.Text, reserved[n.Text]).
			Helpf("choose another, such as my_%s", n.Text)
	}
	return n
}

// declarePolicy is declare for a policy. Those of modules that ship with the
// compiler may be called by a word of the language, as in cors.allow: they are
// used with the module's name before theirs.
func (c *lowering) declarePolicy(t lexer.Token) ast.Name {
	if t.Value == "allow" && c.file.Name == "std/cors.moe" {
		return c.reference(t)
	}
	return c.declare(t)
}

// snake puts a word into the form of a name as far as that can be done.
func snake(word string) string {
	var b strings.Builder
	for i, r := range strings.TrimLeft(word, "_") {
		if r >= 'A' && r <= 'Z' {
			if i > 0 {
				b.WriteByte('_')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// references returns the names in a captured list, its commas left out.
func (c *lowering) references(ts []lexer.Token) []ast.Name {
	var out []ast.Name
	for _, t := range ts {
		if t.Type == tIdent {
			out = append(out, c.reference(t))
		}
	}
	return out
}

// path returns the dotted name that the tokens spell, a zero Name for none.
func (c *lowering) path(ts []lexer.Token) ast.Name {
	if len(ts) == 0 {
		return ast.Name{}
	}
	var b strings.Builder
	for _, t := range ts {
		b.WriteString(t.Value)
	}
	return ast.Name{At: ast.At{Place: c.tokens(ts)}, Text: b.String()}
}

func sorted(words []string) []string {
	sort.Strings(words)
	return words
}
