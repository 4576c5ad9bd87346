package celfront

import (
	"testing"

	celtypes "cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"moec.dev/moec/compiler/types"
)

// A record is written with its fields, in the order of its type, and never as
// what it is in memory.
func TestRecordIsWritten(t *testing.T) {
	record := RecordValue(types.RecordOf(types.Field{Name: "n", Type: types.IntType}, types.Field{Name: "s", Type: types.StringType}),
		map[string]ref.Val{"s": celtypes.String("a"), "n": celtypes.Int(2)})
	if got := Literal(record); got != `{n: 2, s: "a"}` {
		t.Errorf("%s", got)
	}
}
