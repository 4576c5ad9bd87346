package contest

import (
	"reflect"
	"strings"
	"testing"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"
)

// named gives cel-go its variables from a map.
func named(values map[string]ref.Val) interpreter.Activation {
	all := map[string]any{}
	for name, v := range values {
		all[name] = v
	}
	a, err := interpreter.NewActivation(all)
	if err != nil {
		panic(err)
	}
	return a
}

func written(text string, params ...Param) *Row {
	r := &Row{Name: "written", Text: text, Params: params, Activation: named}
	r.Compiled = func(inputs []*Input) (Side, error) {
		x, err := Check(r.Text, r.Params)
		if err != nil {
			return nil, err
		}
		sides, err := r.evaluators(x, inputs)
		return sides[0], err
	}
	return r
}

func TestContest(t *testing.T) {
	for text, params := range map[string][]Param{
		`header("version") == "v1" && in_cidr(source.ip, ["10.0.0.0/8"])`:               nil,
		`query("version") == "v2" || cookie("user") == "tim"`:                           nil,
		`request.headers["accept"] == "application/json" && request.method == "GET"`:    nil,
		`identity.claims.plan.orValue("") == "gold" || identity.claims.exp < 0`:         nil,
		`names.all(n, n in details)`:                                                    {{"names", cel.ListType(cel.StringType)}, {"details", cel.MapType(cel.StringType, cel.StringType)}},
		`expired.hasValue() && created + ttl < expired.value()`:                         {{"expired", cel.OptionalType(cel.TimestampType)}, {"created", cel.TimestampType}, {"ttl", cel.DurationType}},
		`int_or(header("content-length"), -1) + (request.path == request.host ? 1 : 0)`: nil,
	} {
		r := written(text, params...)
		got, err := Plan{}.Contest(r)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got.True >= 0 && (got.True < 0.1 || got.True > 0.9) {
			t.Errorf("%s: %+v", text, got)
		}
		x, err := Check(r.Text, r.Params)
		if err != nil {
			t.Fatal(err)
		}
		one, _ := r.inputs(x)
		other, err := r.inputs(x)
		if err != nil || len(one) != Inputs || !reflect.DeepEqual(one, other) {
			t.Errorf("%s: %d inputs, not the same twice (%v)", text, len(one), err)
		}
	}
}

// other is a side that gives something else for one input.
type other struct{ Side }

func (o other) Value(i int) (any, error) {
	if i == Inputs-1 {
		return "otherwise", nil
	}
	return o.Side.Value(i)
}

func TestContestNotices(t *testing.T) {
	differs := written(`request.method == "GET"`)
	compiled := differs.Compiled
	differs.Compiled = func(inputs []*Input) (Side, error) {
		s, err := compiled(inputs)
		return other{s}, err
	}
	for want, r := range map[string]*Row{
		"compiled otherwise":      differs,
		"are true and 0 are":      written(`request.method != "BREW"`),
		"only 1 different":        written(`size("a")`),
		"no matching overload":    written(`request.method == 1`),
		"no values for parameter": written(`nobody == "x"`, Param{"nobody", cel.StringType}),
		"no such key":             written(`request.headers["x-nowhere"] == ""`),
	} {
		if _, err := (Plan{}).Contest(r); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %q, got %v", r.Text, want, err)
		}
	}
}
