package eval

import (
	"strings"
	"sync"
	"testing"
	"time"

	"cel.dev/cel-go/cel"
	celtypes "cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/ext"
	"pgregory.net/rapid"

	"moec.dev/moec/runtime/core"
)

// oracle is cel-go with its extensions, over variables whose names tell their
// types: s1 to s3 are strings, i1 to i3 ints, and so on.
type oracle struct {
	env      *cel.Env
	programs map[string]cel.Program
	lock     sync.Mutex
}

var celgo = sync.OnceValue(func() *oracle {
	opts := []cel.EnvOption{
		cel.OptionalTypes(), ext.Strings(), ext.Math(), ext.Encoders(), ext.Network(),
		cel.CrossTypeNumericComparisons(true), cel.DefaultUTCTimeZone(true),
		cel.Variable("list", cel.ListType(cel.StringType)), cel.Variable("any", cel.ListType(cel.DynType)),
	}
	for letter, t := range map[string]*cel.Type{"s": cel.StringType, "i": cel.IntType, "u": cel.UintType, "d": cel.DoubleType, "b": cel.BytesType, "t": cel.TimestampType, "p": cel.DurationType} {
		for _, n := range []string{"1", "2", "3"} {
			opts = append(opts, cel.Variable(letter+n, t))
		}
	}
	env, err := cel.NewEnv(opts...)
	if err != nil {
		panic(err)
	}
	return &oracle{env: env, programs: map[string]cel.Program{}}
})

type vars = map[string]any

// value is what an expression gives, and whether it does.
func (o *oracle) value(expr string, in vars) (ref.Val, bool) {
	o.lock.Lock()
	defer o.lock.Unlock()
	program := o.programs[expr]
	if program == nil {
		ast, issues := o.env.Compile(expr)
		if issues.Err() != nil {
			panic(issues.Err())
		}
		var err error
		if program, err = o.env.Program(ast); err != nil {
			panic(err)
		}
		o.programs[expr] = program
	}
	v, _, err := program.Eval(in)
	return v, err == nil
}

// fataler is a test of either kind.
type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

// same holds what we make of an expression to what cel-go does: both fail, or
// both have the value.
func same[T any](t fataler, expr string, in vars, got T, err Err) {
	t.Helper()
	want, ok := celgo().value(expr, in)
	if ok != (err == None) {
		t.Fatalf("%s of %+q: %+q, %v; cel-go %v", expr, in, any(got), err, want)
	}
	if !ok {
		return
	}
	var native any = got
	if b, isBytes := native.(Bytes); isBytes {
		native = []byte(b)
	}
	v := celtypes.DefaultTypeAdapter.NativeToValue(native)
	if nan, isDouble := native.(float64); isDouble && nan != nan {
		d, _ := want.Value().(float64)
		if d == d {
			t.Fatalf("%s of %v: NaN; cel-go %v", expr, in, want)
		}
		return
	}
	if v.Type() != want.Type() || v.Equal(want) != celtypes.True {
		t.Fatalf("%s of %+q: %+q; cel-go %+q", expr, in, any(got), want.Value())
	}
}

// memory is a frame's memory for tests.
func memory() *core.Scratch {
	s := core.NewScratch(&core.Frame{Arena: &make([]byte, core.ArenaSize)[0]})
	return &s
}

// texts are strings of few different characters, so that one is often found in
// another, some of them not UTF-8.
var texts = rapid.OneOf(
	rapid.StringOfN(rapid.SampledFrom([]rune("abA")), 0, 6, -1),
	rapid.StringOfN(rapid.SampledFrom([]rune("aé€😀\uFFFD B")), 0, 6, -1),
	rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "é", "\xff", "\xc3", "\xa9", "\xef\xbf", "\uFFFD", "\xed\xa0\x80", "😀", "\xf0\x9f"}), 0, 6), func(l []string) string { return strings.Join(l, "") }),
	rapid.String(),
)

var places = rapid.OneOf(rapid.Int64Range(-2, 8), ints)

var moments = rapid.Custom(func(t *rapid.T) time.Time {
	s := rapid.OneOf(rapid.Int64Range(firstSecond, lastSecond), rapid.SampledFrom([]int64{firstSecond, lastSecond, 0, -1})).Draw(t, "s")
	return time.Unix(s, rapid.OneOf(rapid.Int64Range(0, 999999999), rapid.SampledFrom([]int64{0, 999999999})).Draw(t, "ns")).UTC()
})

// allocates fails the test when f does.
func allocates(t *testing.T, what string, f func()) {
	t.Helper()
	if n := testing.AllocsPerRun(100, f); n != 0 {
		t.Errorf("%s: %v allocations", what, n)
	}
}
