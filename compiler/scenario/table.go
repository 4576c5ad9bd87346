package scenario

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"time"

	celtypes "cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/table"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// table checks table NAME = EXPR.
func (c *checker) table(s *ast.SetTable) {
	t := tableNamed(c.b, s.Name.Text)
	if t == nil {
		c.bad(s.Name.Span(), "there is no table %s", s.Name.Text)
		return
	}
	if c.b.Assertions[s.Value] == nil {
		return // its own mistakes are reported by check
	}
	if _, err := tableText(c.b, t, s.Value); err != nil {
		c.bad(s.Value.Span(), "%v", err)
	}
}

// table puts a table in place of the bundle's for the sends that follow.
func (r *run) table(s *ast.SetTable) error {
	t := tableNamed(r.b, s.Name.Text)
	if t == nil {
		return fmt.Errorf("there is no table %s", s.Name.Text)
	}
	text, err := tableText(r.b, t, s.Value)
	if err != nil {
		return err
	}
	if r.tables = maps.Clone(r.tables); r.tables == nil { // requests before keep theirs
		r.tables = map[string]string{}
	}
	r.tables[t.Name] = text
	return nil
}

func tableNamed(b *check.Bundle, name string) *check.Table {
	for _, t := range b.Tables {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// tableText is the value of an expression as a file of the table would hold it.
// It is read as such a file is, so that a test cannot put in place what no file
// could.
func tableText(b *check.Bundle, t *check.Table, e *ast.Expr) (string, error) {
	program, err := b.Assertions[e].Program()
	if err != nil {
		return "", err
	}
	v, _, err := program.Eval(map[string]any{})
	if err != nil {
		return "", err
	}
	plain, err := plainValue(v)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(plain)
	if err != nil {
		return "", err
	}
	var diags diag.List
	value, ok := table.Read(t.Name, source.New("table.json", string(text)), t.Type, &diags)
	if !ok {
		return "", fmt.Errorf("%s", diags.Sorted()[0].Message)
	}
	return table.Write(value, t.Type), nil
}

// plainValue is a CEL value as JSON has it.
func plainValue(v ref.Val) (any, error) {
	switch v := v.(type) {
	case celtypes.Bool:
		return bool(v), nil
	case celtypes.Int:
		return int64(v), nil
	case celtypes.Uint:
		return uint64(v), nil
	case celtypes.Double:
		return json.Number(strconv.FormatFloat(float64(v), 'g', -1, 64)), nil
	case celtypes.String:
		return string(v), nil
	case celtypes.Bytes:
		return base64.StdEncoding.EncodeToString(v), nil
	case celtypes.Duration:
		return v.Duration.String(), nil
	case celtypes.Timestamp:
		return v.UTC().Format(time.RFC3339Nano), nil
	case celtypes.Null:
		return nil, nil
	case *celtypes.Optional:
		if !v.HasValue() {
			return nil, nil
		}
		return plainValue(v.GetValue())
	case traits.Mapper:
		out := map[string]any{}
		for it := v.Iterator(); it.HasNext() == celtypes.True; {
			k := it.Next()
			name, ok := k.(celtypes.String)
			if !ok {
				return nil, fmt.Errorf("the keys of a table are texts, not of type %s", k.Type().TypeName())
			}
			item, err := plainValue(v.Get(k))
			if err != nil {
				return nil, err
			}
			out[string(name)] = item
		}
		return out, nil
	case traits.Lister:
		out := []any{}
		for it := v.Iterator(); it.HasNext() == celtypes.True; {
			item, err := plainValue(it.Next())
			if err != nil {
				return nil, err
			}
			out = append(out, item)
		}
		return out, nil
	}
	return nil, fmt.Errorf("a %s is no value of a table", v.Type().TypeName())
}
