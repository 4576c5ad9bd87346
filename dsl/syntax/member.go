package syntax

import (
	"github.com/alecthomas/participle/v2/lexer"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
)

type memberForm struct {
	Name lexer.Token   `parser:"@Ident"`
	Args []lexer.Token `parser:"@( ( Ident | String | Int | Quantity | Percent | Float | ',' )* )?"`
	Body lexer.Token   `parser:"@Block?"`
}

type fieldForm struct {
	Name lexer.Token `parser:"@Ident ':'"`
	Type *typeTerm   `parser:"@@"`
	From lexer.Token `parser:"( 'from' @String )?"`
}

var (
	memberGrammar = statementGrammar[memberForm]("")
	fieldGrammar  = statementGrammar[fieldForm](`NAME: TYPE [from "PLACE"]`)
)

// members reads the block of a bundle or auth.
func (c *lowering) members(s *stmt) []*ast.Member {
	var out []*ast.Member
	for _, b := range s.blocks {
		for _, m := range b.stmts {
			fields := c.claims(m)
			f := parse(c, memberGrammar, m)
			if f == nil {
				continue
			}
			out = append(out, &ast.Member{At: ast.At{Place: c.statement(m)}, Name: c.reference(f.Name), Args: c.args(f.Args), Fields: fields})
		}
	}
	return out
}

// claims reads the fields in the braces of a member.
func (c *lowering) claims(m *stmt) []*ast.Field {
	var out []*ast.Field
	for _, b := range m.blocks {
		out = []*ast.Field{} // written, though it may be empty
		for _, s := range b.stmts {
			if f := parse(c, fieldGrammar, s); f != nil {
				out = append(out, &ast.Field{
					At: ast.At{Place: c.statement(s)}, Name: c.reference(f.Name), Type: c.typ(f.Type), From: c.optionalText(f.From),
				})
			}
		}
	}
	return out
}

// listed reports whether a token may be one of several of its kind in a member:
// a string or an upper-case word.
func listed(t lexer.Token) bool {
	return t.Type == tString || t.Type == tIdent && t.Value[0] < 'a'
}

// args returns what follows the word of a member. Commas stand between the
// entries of a list, there always and nowhere else.
func (c *lowering) args(ts []lexer.Token) []ast.Arg {
	var out []ast.Arg
	for i, t := range ts {
		if isPunct(&t, ",") {
			if i == 0 || i+1 == len(ts) || !listed(ts[i-1]) || !listed(ts[i+1]) {
				c.diags.Add(diag.Syntax, c.span(t), "a comma stands between the entries of a list only").Helpf("delete it")
			}
			continue
		}
		if i > 0 && listed(t) && listed(ts[i-1]) {
			c.diags.Add(diag.Syntax, c.span(t), "a comma must stand before %s", shown(t))
		}
		out = append(out, c.arg(t))
	}
	return out
}

func (c *lowering) arg(t lexer.Token) ast.Arg {
	a := ast.Arg{At: c.at(t)}
	switch t.Type {
	case tIdent:
		a.Word = t.Value
	case tString:
		a.Text = c.optionalText(t)
	case tInt:
		a.Int = c.optionalNumber(t, "this")
	case tQuantity:
		if _, ok := sizeOf(t.Value); ok {
			n := c.size(t)
			a.Size = &n
			break
		}
		if !isDuration(t.Value) {
			c.badLiteral(t, "durations are such as 30s or 5m, sizes such as 64KiB", "`%s` is neither a duration nor a size", t.Value)
		}
		d := ast.Duration{At: a.At}
		if isDuration(t.Value) {
			d = c.duration(t)
		}
		a.Duration = &d
	default:
		c.badLiteral(t, "write a whole number, a duration such as 30s or a size such as 64KiB", "`%s` has no meaning here", t.Value)
		a.Int = &ast.Int{At: a.At}
	}
	return a
}
