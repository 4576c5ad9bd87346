package gen

import (
	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/types"
)

// recordType is the Go type of a record: the same record is the same type
// wherever it is written.
func recordType(t *types.Type) *Statement {
	return StructFunc(func(g *Group) {
		for _, f := range t.Fields {
			g.Id(recordField(f.Name)).Add(goType(f.Type))
		}
	})
}

// recordField is the Go name of a field: different ones for different names.
func recordField(name string) string { return "F_" + name }

// equalRecords compares a and b field by field.
func (w *writer) equalRecords(t *types.Type) *Statement {
	if len(t.Fields) == 0 {
		return Return(True())
	}
	all := Null()
	for i, f := range t.Fields {
		if i > 0 {
			all.Op("&&")
		}
		a, b := Id("a").Dot(recordField(f.Name)), Id("b").Dot(recordField(f.Name))
		if byOperator(f.Type) {
			all.Add(a).Op("==").Add(b)
		} else {
			all.Add(w.equal(f.Type)).Call(a, b)
		}
	}
	return Return(all)
}

// recorded writes the handing over of what a decision's record needs to know of
// the caller.
func (w *writer) recorded(g *Group) {
	if w.b.Decisions == "" {
		return
	}
	if len(w.b.Auths) == 0 {
		g.Id("r").Dot("Recorded").Call(Lit(""))
		return
	}
	g.Id("subject").Op(":=").Lit("")
	g.If(Id("r").Dot("identity").Op("!=").Nil()).Block(Id("subject").Op("=").Id("r").Dot("identity").Dot("ID"))
	g.Id("r").Dot("Recorded").Call(Id("subject"))
}
