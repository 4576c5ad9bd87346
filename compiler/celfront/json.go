package celfront

import (
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"cel.dev/cel-go/cel"
	celtypes "cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// Limits of json.parse: the text may come from anybody.
const (
	maxJSONBytes = 64 << 10
	maxJSONDepth = 32
)

// jsonParse puts moe's json.parse in the place of cel-go's, which takes text that
// is no JSON, and of any size: what is not exactly JSON within the limits has no
// value.
func jsonParse() cel.EnvOption {
	return cel.Function("json.parse", cel.Overload("json_parse_string", []*cel.Type{cel.StringType}, cel.OptionalType(cel.DynType),
		cel.UnaryBinding(func(text ref.Val) ref.Val {
			s := string(text.(celtypes.String))
			if len(s) > maxJSONBytes || !utf8.ValidString(s) {
				return celtypes.OptionalNone
			}
			dec := json.NewDecoder(strings.NewReader(s))
			dec.UseNumber()
			var v any
			if dec.Decode(&v) != nil {
				return celtypes.OptionalNone
			}
			if _, err := dec.Token(); err != io.EOF {
				return celtypes.OptionalNone
			}
			v, ok := fromJSON(v, 0)
			if !ok {
				return celtypes.OptionalNone
			}
			return celtypes.OptionalOf(celtypes.DefaultTypeAdapter.NativeToValue(v))
		})))
}

// fromJSON gives numbers their types; false for what lies too deep and for
// numbers that no double holds.
func fromJSON(v any, depth int) (any, bool) {
	if depth > maxJSONDepth {
		return nil, false
	}
	switch v := v.(type) {
	case nil:
		return celtypes.NullValue, true
	case json.Number:
		if i, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return i, true
		}
		d, err := strconv.ParseFloat(v.String(), 64)
		return d, err == nil
	case []any:
		for i := range v {
			var ok bool
			if v[i], ok = fromJSON(v[i], depth+1); !ok {
				return nil, false
			}
		}
	case map[string]any:
		for k := range v {
			var ok bool
			if v[k], ok = fromJSON(v[k], depth+1); !ok {
				return nil, false
			}
		}
	}
	return v, true
}
