package celfront

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// maxLiteral is how long a written value gets, in bytes, before it is cut.
const maxLiteral = 200

// Literal writes a value as CEL would have it written, for people: a long one
// is cut, and says so.
func Literal(v ref.Val) string {
	s := writtenValue(v)
	if len(s) <= maxLiteral {
		return s
	}
	cut := strings.ToValidUTF8(s[:maxLiteral], "")
	return fmt.Sprintf("%s… (%d bytes)", cut, len(s))
}

func writtenValue(v ref.Val) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case types.Bool:
		return strconv.FormatBool(bool(v))
	case types.Int:
		return strconv.FormatInt(int64(v), 10)
	case types.Uint:
		return strconv.FormatUint(uint64(v), 10) + "u"
	case types.Double:
		s := strconv.FormatFloat(float64(v), 'g', -1, 64)
		if !strings.ContainsAny(s, ".eIN") {
			s += ".0"
		}
		return s
	case types.String:
		return strconv.Quote(string(v))
	case types.Bytes:
		return "b" + strconv.Quote(string(v))
	case types.Timestamp:
		return fmt.Sprintf("timestamp(%q)", v.UTC().Format(time.RFC3339Nano))
	case types.Duration:
		return fmt.Sprintf("duration(%q)", v.Duration.String())
	case types.Null:
		return "null"
	case *types.Optional:
		if !v.HasValue() {
			return "optional.none()"
		}
		return "optional.of(" + writtenValue(v.GetValue()) + ")"
	case *types.Err:
		return "failed: " + v.Error()
	case *recordValue:
		var parts []string
		for _, f := range v.typ.Fields {
			parts = append(parts, f.Name+": "+writtenValue(v.fields[f.Name]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case traits.Mapper:
		return writtenMap(v)
	case traits.Lister:
		var parts []string
		for i := v.Iterator(); i.HasNext() == types.True; {
			parts = append(parts, writtenValue(i.Next()))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return fmt.Sprint(v.Value())
}

func writtenMap(m traits.Mapper) string {
	var parts []string
	for i := m.Iterator(); i.HasNext() == types.True; {
		k := i.Next()
		parts = append(parts, writtenValue(k)+": "+writtenValue(m.Get(k)))
	}
	sort.Strings(parts)
	return "{" + strings.Join(parts, ", ") + "}"
}
