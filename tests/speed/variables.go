package main

import (
	"bytes"
	"cel.dev/cel-go/cel"
	"fmt"
	"go/format"
	"strings"

	"moec.dev/moec/compiler/types"
	"moec.dev/moec/tests/speed/contest"
)

// celType is the Go expression of a type for cel-go.
func celType(t *types.Type) (string, error) {
	switch t.Kind {
	case types.Bool, types.Int, types.Uint, types.Double, types.String, types.Bytes, types.Duration, types.Timestamp:
		word := t.Kind.String()
		return "cel." + strings.ToUpper(word[:1]) + word[1:] + "Type", nil
	case types.List, types.Optional:
		elem, err := celType(t.Elem)
		return fmt.Sprintf("cel.%sType(%s)", map[types.Kind]string{types.List: "List", types.Optional: "Optional"}[t.Kind], elem), err
	case types.Map:
		key, err := celType(t.Key)
		if err != nil {
			return "", err
		}
		elem, err := celType(t.Elem)
		return fmt.Sprintf("cel.MapType(%s, %s)", key, elem), err
	}
	return "", fmt.Errorf("there are no inputs of type %s", t)
}

// program writes the main package of the contest: its rows, and for each the
// struct that gives cel-go its variables, chosen by a switch.
func program(rows []row) ([]byte, error) {
	var b, structs bytes.Buffer
	b.WriteString(programHead)
	for i, r := range rows {
		var params []contest.Param
		fmt.Fprintf(&b, "\t{Name: %q, Text: %q, Compiled: policy.Rows[%q], Activation: activate%d, Params: []contest.Param{", r.name, r.text, r.name, i)
		for _, p := range r.params {
			t, err := celType(p.typ)
			if err != nil {
				return nil, fmt.Errorf("let %s: %w", r.name, err)
			}
			fmt.Fprintf(&b, "{Name: %q, Type: %s}, ", p.name, t)
			params = append(params, contest.Param{Name: p.name, Type: native(p.typ)})
		}
		b.WriteString("}},\n")
		x, err := contest.Check(r.text, params)
		if err != nil {
			return nil, fmt.Errorf("let %s: %w", r.name, err)
		}
		var fields, cases, fill []string
		for k, v := range x.Variables {
			fields = append(fields, fmt.Sprintf("v%d", k))
			cases = append(cases, fmt.Sprintf("case %q:\n\t\treturn a.v%d, true", v, k))
			fill = append(fill, fmt.Sprintf("values[%q]", v))
		}
		declared := ""
		if len(fields) > 0 {
			declared = strings.Join(fields, ", ") + " ref.Val"
		}
		fmt.Fprintf(&structs, programActivation, i, declared, i, strings.Join(cases, "\n\t"), i, i, i, strings.Join(fill, ", "))
	}
	b.WriteString("}\n")
	b.Write(structs.Bytes())
	return format.Source(b.Bytes())
}

const programHead = `// Command contest evaluates the expressions on both sides.
package main

import (
	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"

	policy "moec.dev/moec/bundles/expressions"
	"moec.dev/moec/tests/speed/contest"
)

func main() { contest.Main(rows) }

var _ = cel.BoolType

var rows = []*contest.Row{
`

const programActivation = `
type activation%d struct{ %s }

func (a *activation%d) ResolveName(name string) (any, bool) {
	switch name {
	%s
	}
	return nil, false
}

func (a *activation%d) Parent() interpreter.Activation { return nil }

func activate%d(values map[string]ref.Val) interpreter.Activation { return &activation%d{%s} }
`

// native is a type as cel-go has it.
func native(t *types.Type) *cel.Type {
	switch t.Kind {
	case types.Bool:
		return cel.BoolType
	case types.Int:
		return cel.IntType
	case types.Uint:
		return cel.UintType
	case types.Double:
		return cel.DoubleType
	case types.String:
		return cel.StringType
	case types.Bytes:
		return cel.BytesType
	case types.Duration:
		return cel.DurationType
	case types.Timestamp:
		return cel.TimestampType
	case types.List:
		return cel.ListType(native(t.Elem))
	case types.Map:
		return cel.MapType(native(t.Key), native(t.Elem))
	case types.Optional:
		return cel.OptionalType(native(t.Elem))
	}
	return cel.DynType
}
