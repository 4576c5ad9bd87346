package celfront

import (
	"encoding/json"
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
			if !json.Valid([]byte(s)) {
				return celtypes.OptionalNone
			}
			dec := json.NewDecoder(strings.NewReader(s))
			dec.UseNumber()
			v, ok := fromJSON(dec, 0)
			if !ok {
				return celtypes.OptionalNone
			}
			return celtypes.OptionalOf(v)
		})))
}

// fromJSON reads a value of valid JSON; false for what lies too deep and for
// numbers that no double holds.
func fromJSON(dec *json.Decoder, depth int) (ref.Val, bool) {
	token, err := dec.Token()
	if err != nil || depth > maxJSONDepth {
		return nil, false
	}
	switch v := token.(type) {
	case nil:
		return celtypes.NullValue, true
	case bool:
		return celtypes.Bool(v), true
	case string:
		return celtypes.String(v), true
	case json.Number:
		if i, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return celtypes.Int(i), true
		}
		d, err := strconv.ParseFloat(v.String(), 64)
		return celtypes.Double(d), err == nil
	case json.Delim:
		var list, keys []ref.Val
		entries := map[ref.Val]ref.Val{}
		for dec.More() {
			var key ref.Val
			if v == '{' {
				token, err := dec.Token()
				name, _ := token.(string)
				if err != nil {
					return nil, false
				}
				key = celtypes.String(name)
			}
			x, ok := fromJSON(dec, depth+1)
			if !ok {
				return nil, false
			}
			if v == '[' {
				list = append(list, x)
				continue
			}
			if _, twice := entries[key]; !twice {
				keys = append(keys, key)
			}
			entries[key] = x
		}
		if _, err := dec.Token(); err != nil {
			return nil, false
		}
		if v == '[' {
			return celtypes.NewRefValList(celtypes.DefaultTypeAdapter, list), true
		}
		return Ordered(celtypes.NewRefValMap(celtypes.DefaultTypeAdapter, entries), keys), true
	}
	return nil, false
}
