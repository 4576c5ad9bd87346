// Package check gives every expression of a resolved bundle its type, and
// holds the rules that need types: phases, trust, owned headers, what may be
// anonymous. What it accepts can be decided at run time.
//
// It reads cel-go only through compiler/celfront, and knows neither the
// decision IR nor Go.
package check

import (
	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/ast"
)

// Bundle is a checked bundle: what resolve found, and a typed tree for every
// expression in it. It is immutable after Check.
type Bundle struct {
	*resolve.Bundle
	// Exprs has every expression of lets and routes, by its syntax.
	Exprs map[*ast.Expr]*celfront.Checked
	// Lets are in dependency order: each after those that it reads.
	Lets []*Let
	// Tables are those that could be read.
	Tables []*Table
	// Owned are the request headers (lower case, sorted) that only the bundle
	// writes: removed from every incoming request.
	Owned []string
	// CORS has what each cors.allow says.
	CORS map[*resolve.CORS]*CORS
	// Assertions has the typed assertions of the test blocks.
	Assertions map[*ast.Expr]*celfront.Checked
	// clientFalse has the conditions of scopes that the client can make false.
	clientFalse map[*ast.Expr]bool
}

// Let is a checked let.
type Let struct {
	*resolve.Let
	Type   *types.Type
	Params []celfront.Variable
}

// ClaimType returns the type of a claim field.
func ClaimType(f *ast.Field) *types.Type { return Written(f.Type) }

// Written converts a written type.
func Written(t *ast.Type) *types.Type {
	var u *types.Type
	switch t.Kind {
	case "bool":
		u = types.BoolType
	case "int":
		u = types.IntType
	case "uint":
		u = types.UintType
	case "double":
		u = types.DoubleType
	case "string":
		u = types.StringType
	case "bytes":
		u = types.BytesType
	case "duration":
		u = types.DurationType
	case "timestamp":
		u = types.TimestampType
	case "list":
		u = types.ListOf(Written(t.Elem))
	case "map":
		u = types.MapOf(types.StringType, Written(t.Elem))
	case "record":
		var fields []types.Field
		for _, f := range t.Fields {
			if f.Type != nil {
				fields = append(fields, types.Field{Name: f.Name.Text, Type: Written(f.Type)})
			}
		}
		u = types.RecordOf(fields...)
	default:
		u = types.DynType
	}
	if t.Optional {
		u = types.OptionalOf(u)
	}
	return u
}
