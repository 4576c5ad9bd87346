package celfront

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestFold(t *testing.T) {
	e := names(t)
	for _, c := range []struct{ text, want string }{
		{`1 + 2 * 3`, `7:int`},
		{`n + (1 + 2)`, `_+_/add_int64(n:int, 3:int):int`},
		{`n == 1 && 1 == 2 - 1`, `_&&_/logical_and(_==_/equals(n:int, 1:int):bool, true:bool):bool`},
		{`true || 1 / 0 > 0`, `true:bool`},
		{`[1, n, 2 + 3]`, `list(1:int, n:int, 5:int):list(int)`},
		{`["a", "b"].map(x, x + "c")`, `list("ac":string, "bc":string):list(string)`},
		{`["a", "b"].map(x, x + path.id + ("c" + "d"))`, `macro map x(list("a":string, "b":string):list(string), _+_/add_string(_+_/add_string(x:string, path.id:string):string, "cd":string):string):list(string)`},
		{`[1, 2].map(x, [3].map(y, x + y + n + size("abc")))`,
			`macro map x(list(1:int, 2:int):list(int), macro map y(list(3:int):list(int), _+_/add_int64(_+_/add_int64(_+_/add_int64(x:int, y:int):int, n:int):int, 3:int):int):list(int)):list(list(int))`},
		{`[[1]].map(x, x.map(y, y + 1))`, `list(list(2:int):list(int)):list(list(int))`},
		{`[1].exists(n, n == 1)`, `true:bool`},
		{`n == [1].map(n, n + 1)[0]`, `_==_/equals(n:int, 2:int):bool`},
		{`{"b": 1 + 1, "a": 3 - 2}`, `map("b":string, 2:int, "a":string, 1:int):map(string, int)`},
		{`now - duration("1m" + "30s")`, `_-_/subtract_timestamp_duration(now:timestamp, 90000000000:duration):timestamp`},
		{`dyn(1) == dyn(n)`, `_==_/equals(dyn/to_dyn(1:int):dyn, dyn/to_dyn(n:int):dyn):bool`},
		{`[1, "a"].map(x, type(x) == int ? dyn(x + 1) : dyn(2.5))`, `list(dyn/to_dyn(2:int):dyn, dyn/to_dyn(2.5:double):dyn):list(dyn)`},
		{`b"a" + b"b"`, `[]byte{0x61, 0x62}:bytes`},
		{`"x" + "y" == header("x" + "y")`, `_==_/equals("xy":string, header/header("xy":string):string):bool`},
		{`type(1) == int`, `true:bool`},
		{`cel.bind(x, 2, x * x)`, `4:int`},
		{`!(ip("10.0.0.1") in [ip("10.0.0.1")])`, `false:bool`},
		// What stays as it is.
		{`1 / 0`, `_/_/divide_int64(1:int, 0:int):int`},
		{`optional.of(1 + 1)`, `optional.of/optional_of(2:int):int?`},
		{`type(1)`, `type/type(1:int):type`},
		{`0.0 / 0.0`, `_/_/divide_double(0:double, 0:double):double`},
		{`ip("10.0." + "0.1")`, `ip/string_to_ip("10.0.0.1":string):net.IP`},
		{`lists.range(257)`, `lists.range/lists_range(257:int):list(int)`},
		{`lists.range(9000000000)`, `lists.range/lists_range(9000000000:int):list(int)`},
		{`[?optional.of(n)]`, `list(optional.of/optional_of(n:int):int?):list(int)`},
		{`["a"]`, `list("a":string):list(string)`},
	} {
		k := checked(t, e, c.text)
		if got := written(k.Folded()); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
		if !k.Folded().Type.Equal(k.Root.Type) || k.Folded().Span != k.Root.Span {
			t.Errorf("%s has another type or place when folded", c.text)
		}
	}
}

// The text of a folded tree has the value of the text that was written.
func TestFoldedIsEqual(t *testing.T) {
	e := names(t)
	for _, text := range []string{
		`[3, 1, 2].sort()`, `"a,b,c".split(",").map(x, x.upperAscii())`, `{"a": [1], "b": [2, 3]}.transformMap(k, v, size(v))`,
		`{1: "a", 2: "b"}.transformList(k, v, string(k) + v).join("-").size() > 2`, `timestamp("2024-02-29T12:00:00Z") + duration("24h")`,
		`"%s-%d-%.2f".format(["a", 1, 2.5])`, `[1.5, 2.0].map(x, x * 2.0)`, `{true: 1u, false: 2u}`, `["a", "b"].exists_one(x, x == "a")`,
		`duration("90s")`, `b"abc" + b"\x00\xff"`, `"\"quoted\" \\ \n é"+""`, `-9223372036854775807 - 1`, `[dyn(1), dyn("a"), dyn(null), dyn(1u), dyn(b"x")].map(x, x)`,
		`math.greatest(1, 5, 3)`, `[[1, 2], [3]].flatten()`, `18446744073709551615u - 0u`, `1e300 * 10.0`, `{"é": {"b": null}}.map(k, k)`,
	} {
		k := checked(t, e, text)
		folded := k.Folded()
		if !isLiteral(folded) {
			t.Errorf("%s is not folded: %s", text, written(folded))
			continue
		}
		again := checked(t, e, "("+literal(folded)+") == ("+text+")")
		if v, ok := again.Constant(); !ok || v != true {
			t.Errorf("%s is %s when folded", text, literal(folded))
		}
	}
}

// literal writes a folded tree as CEL.
func literal(e *Expr) string {
	var args []string
	for _, a := range e.Args {
		args = append(args, literal(a))
	}
	switch e.Op {
	case List:
		return "[" + strings.Join(args, ", ") + "]"
	case Map:
		var entries []string
		for i := 0; i < len(args); i += 2 {
			entries = append(entries, args[i]+": "+args[i+1])
		}
		return "{" + strings.Join(entries, ", ") + "}"
	case Call:
		return "dyn(" + args[0] + ")"
	}
	return celLiteral(e.Value)
}

// Folding has no work of its own choosing.
func TestFoldIsBounded(t *testing.T) {
	e := names(t)
	double := "cel.bind(a, '0123456789', "
	closing := ")"
	for i := 0; i < 9; i++ {
		double += "cel.bind(a, a + a + a + a, "
		closing += ")"
	}
	for _, text := range []string{
		`lists.range(2000000000).size() == 1`, `lists.range(100000).map(x, lists.range(100000)).flatten().size() == 1`,
		`"` + strings.Repeat("a", 15000) + `".replace("a", "` + strings.Repeat("b", 15000) + `").size() == 1`,
		double + `[a, a, a, a].join(a).size() == 1` + closing, double + `"%s%s%s%s".format([a, a, a, a]).size() == 1` + closing,
		`lists.range(1000).exists(a, lists.range(1000).exists(b, lists.range(1000).exists(c, a + b + c == -1)))`,
		"[" + strings.Repeat("1/0,", 8000) + "1]", strings.Repeat("1+1>1&&", 4000) + "1/0 > 0",
	} {
		start := time.Now()
		checked(t, e, text).Folded()
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("%.40s: %v", text, took)
		}
	}
}

// celLiteral writes a constant as CEL.
func celLiteral(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return strconv.Quote(v)
	case []byte:
		var s strings.Builder
		for _, c := range v {
			fmt.Fprintf(&s, `\x%02x`, c)
		}
		return `b"` + s.String() + `"`
	case uint64:
		return fmt.Sprint(v) + "u"
	case float64:
		return "double(\"" + strconv.FormatFloat(v, 'g', -1, 64) + "\")"
	case time.Duration:
		return `duration("` + v.String() + `")`
	case time.Time:
		return `timestamp("` + v.Format(time.RFC3339Nano) + `")`
	}
	return fmt.Sprint(v)
}
