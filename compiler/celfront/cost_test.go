package celfront

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"cel.dev/cel-go/cel"
	celtypes "cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"

	"moec.dev/moec/compiler/types"
)

// Bounds of the inputs of these tests.
const (
	costText  = 60
	costCount = 9
)

func costEnv(t *testing.T) *Env {
	t.Helper()
	e, err := NewEnv([]Variable{
		{"request.host", types.StringType}, {"request.headers", types.MapOf(types.StringType, types.StringType)},
		{"identity.groups", types.ListOf(types.StringType)}, {"identity.claims.plan", types.OptionalOf(types.StringType)},
		{"identity.claims.scopes", types.OptionalOf(types.ListOf(types.StringType))},
		{"path.id", types.StringType}, {"n", types.IntType}, {"now", types.TimestampType}, {"numbers", types.ListOf(types.IntType)},
	}, []Function{{"twice", []*types.Type{types.IntType}, types.IntType}})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func costSizes(name string) (Size, bool) {
	text := Size{Length: costText}
	switch name {
	case "identity.groups", "identity.claims.scopes", "header_values", "query_values":
		return Size{Length: costCount, Elem: &text}, true
	case "numbers":
		return Size{Length: costCount, Elem: &Size{Length: 1}}, true
	case "request.headers":
		return Size{Length: costCount, Key: &text, Elem: &text}, true
	case "n", "now":
		return Size{Length: 1}, true
	}
	return text, true
}

// costView is a request with random values.
type costView struct{ r *rand.Rand }

func (v costView) text() string {
	length := []int{0, 1, 5, costText / 2, costText}[v.r.IntN(5)]
	letters := "aab,.:/1é"
	var b strings.Builder
	for b.Len() < length {
		b.WriteByte(letters[v.r.IntN(len(letters)-2)])
	}
	return b.String()
}

func (v costView) texts() []string {
	list := make([]string, []int{0, 1, costCount}[v.r.IntN(3)])
	for i := range list {
		list[i] = v.text()
	}
	return list
}

func (v costView) Header(string) (string, error)     { return v.text(), nil }
func (v costView) HeaderValues(string) []string      { return v.texts() }
func (v costView) Query(string) (string, error)      { return v.text(), nil }
func (v costView) QueryValues(string) []string       { return v.texts() }
func (v costView) Cookie(string) (string, error)     { return v.text(), nil }
func (v costView) CallLet(string, []ref.Val) ref.Val { return celtypes.Int(2) }

func (v costView) variables() map[string]any {
	headers := map[string]string{}
	for i, s := range v.texts() {
		headers[fmt.Sprint("h", i)] = s
	}
	numbers := make([]int64, v.r.IntN(costCount+1))
	for i := range numbers {
		numbers[i] = v.r.Int64N(5)
	}
	optional := func(value any) *celtypes.Optional {
		if v.r.IntN(3) == 0 {
			return celtypes.OptionalNone
		}
		return celtypes.OptionalOf(celtypes.DefaultTypeAdapter.NativeToValue(value))
	}
	return map[string]any{
		"request.host": v.text(), "request.headers": headers, "identity.groups": v.texts(), "identity.claims.plan": optional(v.text()),
		"identity.claims.scopes": optional(v.texts()), "path.id": v.text(), "n": v.r.Int64N(7) - 2, "numbers": numbers,
		"now": time.Unix(1700000000, 0).UTC(), RequestVar: WrapRequest(v),
	}
}

// counted is a call that counts how often it is made.
type counted struct {
	interpreter.InterpretableCall
	calls *uint64
}

func (c counted) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	*c.calls++
	return c.InterpretableCall.Exec(frame)
}

// The estimate is held against work that is really done: cel-go's own count for
// random requests within the bounds, and the calls that are made, of which each
// is one statement or one loop in the library's code. Neither is ever above the
// estimate.
func TestEstimateIsNeverBelow(t *testing.T) {
	e := costEnv(t)
	r := rand.New(rand.NewPCG(1, 2))
	sumMax, sumActual := 0.0, 0.0
	for _, text := range []string{
		`request.host == "example.com"`, `request.host == path.id`, `request.host.startsWith("api.") && path.id.endsWith(".json")`,
		`request.host.contains("aa")`, `request.host.contains(path.id)`, `request.host.matches("^a+b?[0-9]*$")`, `header("x") + ":" + path.id == cookie("y")`,
		`request.headers["h0"] == "a" || n > 3`, `"h1" in request.headers && request.headers["h1"].size() > 3`, `has(request.headers.h0) ? request.headers.h0 == "a" : false`,
		`request.headers[?"h0"].orValue("") == path.id`, `identity.groups.exists(g, g == "admin")`, `identity.groups.all(g, g.startsWith("a") || g.contains(path.id))`,
		`identity.groups.exists_one(g, g == path.id)`, `identity.groups.filter(g, g != "").map(g, g + path.id).size() > 2`, `path.id in identity.groups`,
		`path.id in ["a", "b", "c"]`, `n in [1, 2, 3]`, `n in numbers`, `identity.groups == header_values("x")`, `identity.groups + query_values("q") == header_values("x")`,
		`identity.groups.exists(g, header_values("x").exists(h, h == g))`, `identity.groups.exists(g, header_values("x").exists(h, query_values("q").exists(q, h + q == g)))`,
		`identity.claims.plan.orValue("free") in ["gold", "silver"]`, `identity.claims.plan.hasValue() && identity.claims.plan.value().size() > 3`,
		`identity.claims.plan.optMap(p, p + "!").orValue(path.id) == "a!"`, `identity.claims.scopes.orValue([]).exists(s, s == path.id)`,
		`now - duration("5m") > timestamp("2024-01-01T00:00:00Z")`, `now.getHours() < 9 || now.getDayOfWeek() == 0`, `int_or(header("x"), 3) + n * 2 > 5`,
		`numbers.exists(x, x * x - n > 3)`, `numbers.map(x, x + 1) == [1, 2]`, `numbers.sortBy(x, -x).size() > 0`, `sets.contains(identity.groups, ["a", path.id])`,
		`identity.groups.transformList(i, g, i > 0, g + "x") == ["ax"]`, `numbers.exists(i, x, i == x)`, `{"a": path.id, "b": "c"}["a"] == request.host`,
		`path.id.split("/").exists(p, p == "a")`, `path.id.split(",").map(p, p.trim()).join(";") == request.host`, `path.id.lowerAscii().replace("a", "bb") == request.host`,
		`path.id.substring(0, 0) == "" && path.id.indexOf("b") > 2`, `"%s/%d".format([path.id, n]) == request.host`, `string(n) + string(now) == path.id`,
		`cel.bind(x, path.id + request.host, x == "a" || x + x == "b")`, `cel.bind(x, identity.groups.map(g, g + "!"), x.exists(g, g == "a!") || x.size() > 3)`,
		`math.greatest(n, twice(n), 3) > 4`, `math.greatest(numbers + [0]) > 2`, `twice(n) == 4 ? identity.groups.size() > 2 : path.id == "a"`,
		`n > 1 ? (n > 2 ? path.id == "a" : path.id + "b" == "c") : false`, `!(n == 1) && !(n == 2) && n != 3`, `dyn(path.id) == dyn(n) || type(n) == int`,
		`dyn(identity.groups) == dyn(["a"])`, `[path.id, request.host].exists(x, x == "")`, `base64.encode(bytes(path.id)) == request.host`,
		`identity.groups.distinct().size() > 1 || lists.range(3).size() == 2`, `[identity.groups, header_values("x")].flatten().exists(g, g == "a")`,
		`isIP(path.id) && ip(path.id).isLoopback()`, `identity.groups.first().orValue("x") == path.id`, `identity.groups.reverse().join() == path.id`,
	} {
		k := checked(t, e, text)
		price, err := k.Price(costSizes, map[string]*Price{"twice": {Size: Size{Length: 1}}})
		if err != nil {
			t.Fatal(err)
		}
		tracked, err := k.env.Program(k.ast, cel.CostTracking(nil))
		if err != nil {
			t.Fatal(err)
		}
		var calls uint64
		counting, err := k.env.Program(k.ast, cel.CustomDecoratorV2(func(i interpreter.InterpretableV2) (interpreter.InterpretableV2, error) {
			if c, ok := i.(interpreter.InterpretableCall); ok {
				return counted{c, &calls}, nil
			}
			return i, nil
		}))
		if err != nil {
			t.Fatal(err)
		}
		least, most, mostCalls := uint64(Unbounded), uint64(0), uint64(0)
		for range 300 {
			in := costView{r}.variables()
			_, details, err := tracked.Eval(in)
			actual := *details.ActualCost()
			if err == nil {
				least = min(least, actual)
			}
			most = max(most, actual)
			calls = 0
			_, _, _ = counting.Eval(in)
			mostCalls = max(mostCalls, calls)
		}
		if most > price.Max || mostCalls > price.Max+1 || least < price.Min || price.Max == Unbounded {
			t.Errorf("%s: estimated %d to %d; cel-go counts %d to %d, and %d calls are made", text, price.Min, price.Max, least, most, mostCalls)
		}
		sumMax, sumActual = sumMax+float64(price.Max)/float64(max(most, mostCalls, 1)), sumActual+1
		t.Logf("%6.1f times: estimated %5d, counted %5d, %4d calls  %s", float64(price.Max)/float64(max(most, mostCalls, 1)), price.Max, most, mostCalls, text)
	}
	t.Logf("on average the bound is %.1f times the worst that was seen", sumMax/sumActual)
}
