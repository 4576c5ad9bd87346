package check

import (
	"flag"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cel.dev/cel-go/cel"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// variables are what the expressions of these tests read.
var variables = []celfront.Variable{
	{Name: "n", Type: types.IntType}, {Name: "k", Type: types.IntType}, {Name: "u", Type: types.UintType}, {Name: "d", Type: types.DoubleType},
	{Name: "s", Type: types.StringType}, {Name: "t", Type: types.StringType}, {Name: "b", Type: types.BoolType}, {Name: "by", Type: types.BytesType},
	{Name: "ts", Type: types.TimestampType}, {Name: "du", Type: types.DurationType},
	{Name: "l", Type: types.ListOf(types.IntType)}, {Name: "ls", Type: types.ListOf(types.StringType)}, {Name: "ld", Type: types.ListOf(types.DoubleType)},
	{Name: "ll", Type: types.ListOf(types.ListOf(types.IntType))}, {Name: "lx", Type: types.ListOf(types.DynType)},
	{Name: "m", Type: types.MapOf(types.StringType, types.IntType)}, {Name: "mi", Type: types.MapOf(types.IntType, types.StringType)},
	{Name: "ml", Type: types.MapOf(types.StringType, types.ListOf(types.IntType))}, {Name: "mx", Type: types.MapOf(types.StringType, types.DynType)},
	{Name: "o", Type: types.OptionalOf(types.IntType)}, {Name: "os", Type: types.OptionalOf(types.StringType)},
	{Name: "x", Type: types.DynType}, {Name: "y", Type: types.DynType},
	{Name: "request.headers", Type: types.MapOf(types.StringType, types.StringType)}, {Name: "now", Type: types.TimestampType},
	{Name: "source.ip", Type: types.StringType}, {Name: "source.port", Type: types.IntType},
}

// unplaced is the checking of expressions outside any policy.
func unplaced(t testing.TB) *scope {
	t.Helper()
	env, err := celfront.NewEnv(variables, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &scope{checker: &checker{Bundle: &Bundle{Exprs: map[*ast.Expr]*celfront.Checked{}}, diags: &diag.List{}}, env: env}
}

// expression checks text; nil is what does not check, or is refused for more
// than that it may fail.
func (s *scope) expression(text string) *celfront.Checked {
	var diags diag.List
	at := ast.At{Place: source.Span{File: source.New("test", text), End: len(text)}}
	x := s.env.Check(&ast.Expr{At: at, Text: text}, &diags)
	if x == nil {
		return nil
	}
	s.checker.diags = &diags
	s.constants(x.Root)
	s.regexes(x.Root)
	s.zones(x.Root)
	if diags.HasErrors() {
		return nil
	}
	return x
}

// inputs draws values for all variables.
func inputs(r *rapid.T) map[string]any {
	ints := rapid.SampledFrom([]int64{0, 1, 2, 3, -1, -2, 7, 64, 1 << 40, math.MaxInt64, math.MinInt64, math.MaxInt64 - 1, 253402300800})
	texts := rapid.SampledFrom([]string{"", "a", "ab", "a,b", "é🙂", "10.0.0.1", "::1", "10.0.0.0/8", "key", "b", "1", "true", "2026-01-02T03:04:05Z", "90s", "\xc3", "\xa9", "x@y", "NaN", "::ffff:10.0.0.1", "fe80::1%eth0", "10.1.2.3/8", "+5"})
	doubles := rapid.SampledFrom([]float64{0, 1.5, -2.25, math.NaN(), math.Inf(1), math.Inf(-1), 1e300, 9.3e18, 1 << 63, 3})
	list := rapid.SliceOfN(ints, 0, 3)
	strs := rapid.SliceOfN(texts, 0, 3)
	dyn := func(name string) any {
		switch rapid.IntRange(0, 9).Draw(r, name) {
		case 0:
			return ints.Draw(r, name)
		case 1:
			return texts.Draw(r, name)
		case 2:
			return doubles.Draw(r, name)
		case 3:
			return rapid.Bool().Draw(r, name)
		case 4:
			return list.Draw(r, name)
		case 5:
			return map[string]any{"a": int64(1), "b": "x"}
		case 6:
			return []byte(texts.Draw(r, name))
		case 7:
			return uint64(7)
		case 8:
			return time.Unix(1e9, 0).UTC()
		}
		return nil
	}
	keyed := map[string]int64{}
	named := map[int64]string{}
	lists := map[string][]int64{}
	mixed := map[string]any{}
	headers := map[string]string{}
	for range rapid.IntRange(0, 3).Draw(r, "entries") {
		key := rapid.SampledFrom([]string{"a", "b", "key", "x-a"}).Draw(r, "key")
		keyed[key] = ints.Draw(r, "m")
		named[ints.Draw(r, "key")] = texts.Draw(r, "mi")
		lists[key] = list.Draw(r, "ml")
		mixed[key] = dyn("mx")
		headers[key] = texts.Draw(r, "header")
	}
	year := rapid.SampledFrom([]int{1, 1600, 1969, 1970, 2026, 2300, 9999}).Draw(r, "year")
	return map[string]any{
		"n": ints.Draw(r, "n"), "k": ints.Draw(r, "k"), "u": rapid.SampledFrom([]uint64{0, 1, 7, 1 << 63, math.MaxUint64}).Draw(r, "u"),
		"d": doubles.Draw(r, "d"), "s": texts.Draw(r, "s"), "t": texts.Draw(r, "t"), "b": rapid.Bool().Draw(r, "b"), "by": []byte(texts.Draw(r, "by")),
		"ts": time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC), "du": rapid.SampledFrom([]time.Duration{0, time.Hour, -time.Second, math.MaxInt64, math.MinInt64}).Draw(r, "du"),
		"l": list.Draw(r, "l"), "ls": strs.Draw(r, "ls"), "ld": rapid.SliceOfN(doubles, 0, 2).Draw(r, "ld"), "ll": [][]int64{list.Draw(r, "ll")},
		"lx": []any{dyn("lx"), dyn("lx2")}[:rapid.IntRange(0, 2).Draw(r, "lx3")], "m": keyed, "mi": named, "ml": lists, "mx": mixed,
		"o": optional(rapid.Bool().Draw(r, "o"), ints.Draw(r, "o")), "os": optional(rapid.Bool().Draw(r, "os"), texts.Draw(r, "os")),
		"x": dyn("x"), "y": dyn("y"), "request.headers": headers,
		"now":       time.Unix(rapid.SampledFrom([]int64{0, 1769000000, 7258118400}).Draw(r, "now"), 999).UTC(),
		"source.ip": rapid.SampledFrom([]string{"10.0.0.1", "2001:db8::1"}).Draw(r, "ip"), "source.port": rapid.SampledFrom([]int64{0, 65535}).Draw(r, "port"),
	}
}

// evaluate runs an expression with cel-go.
func evaluate(p cel.Program, vars map[string]any) error {
	_, _, err := p.Eval(vars)
	return err
}

var soundnessTime = flag.Duration("check.soundness", 2*time.Second, "how long to look for expressions that fail against the analysis")

// What the analysis takes for safe never fails, and neither does what it
// proposes instead of what it refuses.
func TestSafeExpressionsDoNotFail(t *testing.T) {
	s := unplaced(t)
	tried, safe, mended, seen := 0, 0, 0, map[string]int{}
	for end := time.Now().Add(*soundnessTime); time.Now().Before(end) && !t.Failed(); {
		rapid.Check(t, func(r *rapid.T) {
			text := random(r)
			x := s.expression(text)
			if x == nil {
				return
			}
			tried++
			if fs := s.failures(x.Root); len(fs) > 0 {
				help, ok := s.guarded(x, fs, inHeader)
				if !ok {
					return
				}
				mended++
				text = help
				if x = s.expression(text); x == nil {
					r.Fatalf("the help does not check: %s", text)
				}
			}
			safe++
			x.Root.Walk(func(n *celfront.Expr) bool { seen[n.Name]++; return true })
			p, err := x.Program()
			if err != nil {
				r.Fatal(err)
			}
			for i := range 25 {
				vars := inputs(r)
				if err := evaluate(p, vars); err != nil {
					r.Fatalf("%s fails on input %d: %v\n%s", text, i, err, written(x, vars))
				}
			}
		})
	}
	t.Logf("%d expressions, %d safe, of which %d by their help; %d functions", tried, safe, mended, len(seen))
	if safe*4 < tried || mended*20 < tried {
		t.Error("too few of the expressions are safe: this tells little")
	}
}

// written lists the values of the variables that an expression reads.
func written(x *celfront.Checked, vars map[string]any) string {
	var out []string
	names := map[string]bool{}
	x.Root.Walk(func(n *celfront.Expr) bool {
		if v, ok := vars[n.Name]; ok && n.Op == celfront.Var && !names[n.Name] {
			names[n.Name] = true
			out = append(out, fmt.Sprintf("%s = %#v", n.Name, v))
		}
		return true
	})
	return strings.Join(out, "\n")
}
