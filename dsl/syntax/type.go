package syntax

import (
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
)

type typeTerm struct {
	Tokens []lexer.Token
	List   *typeTerm   `parser:"( 'list' '(' @@ ')'"`
	Map    *typeTerm   `parser:"| 'map' '(' 'string' ',' @@ ')'"`
	Record *recordTerm `parser:"| @@"`
	Scalar lexer.Token `parser:"| @Ident )"`
	Mark   lexer.Token `parser:"@'?'?"`
}

type recordTerm struct {
	Open   lexer.Token   `parser:"@'{'"`
	Fields []*recordPart `parser:"( @@ ','? )* '}'"`
}

type recordPart struct {
	Tokens []lexer.Token
	Name   lexer.Token `parser:"@Ident ':'"`
	Type   *typeTerm   `parser:"@@"`
}

// scalars are the types without parts.
var scalars = []string{"bool", "bytes", "double", "duration", "int", "string", "timestamp", "uint"}

// typ returns a written type.
func (c *lowering) typ(f *typeTerm) *ast.Type {
	t := &ast.Type{At: ast.At{Place: c.tokens(f.Tokens)}, Optional: written(f.Mark)}
	if t.Optional && len(f.Tokens) > 1 {
		before := extentOf(&f.Tokens[len(f.Tokens)-2])
		if before.end != f.Mark.Pos.Offset {
			c.diags.Add(diag.Syntax, c.span(f.Mark), "the ? of an optional type stands right after it, without a space")
		}
	}
	switch {
	case f.List != nil:
		t.Kind, t.Elem = "list", c.typ(f.List)
	case f.Map != nil:
		t.Kind, t.Elem = "map", c.typ(f.Map)
	case f.Record != nil:
		t.Kind, t.Fields = "record", c.fields(f.Record.Fields)
	default:
		t.Kind = f.Scalar.Value
		for _, s := range scalars {
			if s == t.Kind {
				return t
			}
		}
		c.unknownType(f.Scalar)
	}
	return t
}

func (c *lowering) unknownType(t lexer.Token) {
	d := c.diags.Add(diag.BadLiteral, c.span(t), "there is no type `%s`", t.Value)
	switch near := nearest(t.Value, scalars); {
	case t.Value == "list":
		d.Helpf("say of what: list(string)")
	case t.Value == "map":
		d.Helpf("say to what: map(string, int)")
	case near != "":
		d.Helpf("did you mean `%s`?", near)
	default:
		d.Helpf("types are %s, list(T), map(string, T) and { name: T }", strings.Join(scalars, ", "))
	}
}

// fields returns the fields of a record type. Between two of them stands a
// comma or a new line.
func (c *lowering) fields(parts []*recordPart) []*ast.Field {
	var out []*ast.Field
	for i, p := range parts {
		f := &ast.Field{At: ast.At{Place: c.tokens(p.Tokens)}, Name: c.reference(p.Name), Type: c.typ(p.Type)}
		if i > 0 && !strings.ContainsAny(c.file.Text[out[i-1].Place.End:f.Place.Start], ",\n") {
			c.diags.Add(diag.Syntax, f.Name.Place, "a comma or a new line must stand before this field")
		}
		out = append(out, f)
	}
	return out
}
