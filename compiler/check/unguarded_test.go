package check

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/diag"
)

var update = flag.Bool("update", false, "write what the messages say to testdata")

// unguarded are expressions that may fail, of all kinds.
var unguarded = []string{
	// Keys, indices, optionals.
	`m["a"] == 1`, `m.a == 1`, `m[s] > 2`, `mi[n] == "x"`, `request.headers["x-a"] == "1"`, `request.headers.accept == "x"`, `request.headers["a"] == request.headers["b"]`,
	`ml["a"][0] == 1`, `ml.a[n] == 1`, `ml[s][n] + 1 > 2`, `l[0] == 1`, `l[1] == l[2]`, `l[n] == 1`, `ll[0][0] == 1`, `ls[k] == s`, `l[size(l) - 1] == 3`, `l[-1] == 1`, `[1, 2][n] == 1`, `{"a": 1}[s] == 1`, `{"a": {"b": 1}}[s].b == 1`,
	`o.value() == 1`, `os.value() + "x" == s`, `m[?"a"].value() == 1`, `l[?0].value() == 1`, `l.first().value() == 1`, `l.last().value() > m["a"]`, `o.optMap(i, 10 / i).hasValue()`, `o.optFlatMap(i, m[?string(i)]).value() == 1`,
	// Numbers.
	`n + 1 > k`, `n + k == 3`, `n - k > 0`, `n * k < 100`, `-n == 1`, `u - 1u == 0u`, `u * 2u > 3u`, `n / k == 1`, `n % k == 0`, `10 / n > 1`, `10u / u > 1u`, `n % size(l) == 0`, `math.abs(n) == 1`, `math.bitShiftLeft(n, k) == 2`,
	`math.greatest(l) == 1`, `math.least(d, 1.0) == 1.0`, `math.greatest([d, 2.0, 1.5]) > 1.0`, `math.greatest(ld) > 1.0`,
	// Conversions.
	`int(s) == 1`, `int(d) == 1`, `int(u) == 1`, `uint(n) == 1u`, `uint(s) == 1u`, `uint(d) == 1u`, `double(s) > 1.0`, `bool(s)`, `timestamp(n) > now`, `timestamp(s) > now`, `duration(s) > du`, `string(by) == s`, `int(s) + int(t) == 3`,
	// Text.
	`s.charAt(n) == "a"`, `s.charAt(1) == "a"`, `s.substring(1) == "a"`, `s.substring(n) == t`, `s.substring(1, 3) == t`, `s.substring(n, k) == t`, `s.substring(s.indexOf("@")) == t`, `s.substring(0, s.indexOf("@")) == t`, `s.indexOf(t, n) == 1`, `s.lastIndexOf(t, n) == 1`,
	`s.split(",")[1] == t`, `s.split(t)[0] == t`, `"%d".format([x]) == s`, `"%s %d".format([s, x]) == t`, `s.format([n]) == t`, `base64.decode(s) == by`, `json.encode(d) == s`, `json.encode(x) == s`, `in_cidr(source.ip, s)`, `in_cidr(source.ip, [s, "10.0.0.0/8"])`, `in_cidr(source.ip, ls)`,
	// Times.
	`ts + du > now`, `ts - ts > du`, `du + du > du`, `now - ts > du`,
	// Lists.
	`l.slice(0, 2) == l`, `l.slice(n, k) == l`, `lists.range(n).size() == 3`, `lists.range(10).map(i, l[i]).size() == 1`, `lx.sort() == lx`, `[[1]].flatten(n).size() == 1`, `ls.transformMapEntry(i, w, {w: i}).size() == 1`,
	// Networks.
	`ip(s).isLoopback()`, `ip(s) == ip(t)`, `cidr(s).containsIP(t)`, `cidr("10.0.0.0/8").containsIP(s)`, `cidr(s).containsCIDR(cidr(t))`, `in_cidr(s, "10.0.0.0/8")`, `ip.isCanonical(s)`,
	// Values of unknown types.
	`x + 1 == 2`, `x.a == 1`, `x["a"] == 1`, `x[0] == 1`, `x < 3`, `x && b`, `!x`, `x ? b : !b`, `"a" in x`, `x in m`, `size(x) == 1`, `x.startsWith("a")`, `has(x.a)`, `x.a.b == 1`, `x.exists(i, i == 1)`, `lx.all(i, i > 1)`, `int(x) == 1`, `-x == 1`, `mx.a.startsWith("x")`, `mx["a"] == 1`, `[1, s][0] == 1 && lx[0] == 1`, `x.?a.hasValue()`, `math.greatest(x, 1) == 1`,
	// Macros, and conditions around.
	`l.exists(i, 10 / i > 1)`, `l.map(i, 10 / i).size() == 1`, `l.map(i, i > 0, m[string(i)]).size() == 1`, `l.filter(i, mi[i] == "a").size() == 1`, `m.all(key, ml[key][0] > 1)`, `l.all(i, l[i] == 1)`, `ls.exists(w, w.substring(1) == s)`, `ls.sortBy(w, w.charAt(1)) == ls`, `l.transformList(i, v, v + 1) == l`,
	`b || m["a"] == 1`, `b && m["a"] == 1 || m["b"] == 2`, `b ? m["a"] == 1 : m["b"] == 1`, `(b ? m["a"] : m["b"]) == 1`, `!(m["a"] == 1)`, `cel.bind(v, m["a"], v == 1)`, `cel.bind(v, l, v[0] == 1)`, `m["a"] == 1 && m["b"] == 1 && l[0] == 1`, `m[request.headers["a"]] == 1`, `10 / (n - 1) == 2`, `10 / l[0] == 2`,
	// No conditions.
	`m["a"]`, `request.headers["x-user"]`, `s.substring(1)`, `request.headers["a"] + request.headers["b"]`, `n / k`, `int(s)`, `l.map(i, 10 / i)`, `b ? m["a"] : 0`, `s.split(",")[1]`, `"%d".format([n + 1])`, `ip(s)`, `o.value()`,
}

// Every refusal says why, and its help, put in place of the expression, is
// accepted.
func TestUnguarded(t *testing.T) {
	s := unplaced(t)
	var got strings.Builder
	helped := 0
	for _, text := range unguarded {
		x := s.expression(text)
		if x == nil {
			t.Errorf("%s does not check", text)
			continue
		}
		s.checker.diags = &diag.List{}
		s.mayFail(x, "", inHeader)
		found := s.checker.diags.Sorted()
		if len(found) != 1 {
			t.Errorf("%s: %v", text, found)
			continue
		}
		d := found[0]
		fmt.Fprintf(&got, "%s\n  [%s] %s\n", text, d.Span.Text(), d.Message)
		for _, r := range d.Related {
			fmt.Fprintf(&got, "  [%s] %s\n", r.Span.Text(), r.Message)
		}
		helps := []string{d.Help}
		fmt.Fprintf(&got, "  -> %s\n", d.Help)
		if x.Type.Kind == types.Bool {
			for _, decision := range []place{inDeny, inAllow} {
				s.checker.diags = &diag.List{}
				s.mayFail(x, "", decision)
				help := s.checker.diags.Sorted()[0].Help
				fmt.Fprintf(&got, "  %s -> %s\n", map[place]string{inDeny: "deny", inAllow: "allow"}[decision], help)
				helps = append(helps, help)
			}
		}
		for i, help := range helps {
			if help == lastOfRules {
				continue
			}
			if i == 0 {
				helped++
			}
			mended := s.expression(help)
			if mended == nil {
				t.Errorf("%s: the help is refused: %s", text, help)
			} else if fs := s.failures(mended.Root); len(fs) > 0 {
				t.Errorf("%s: the help may fail, too: %s: %s", text, help, fs[0].why)
			}
		}
	}
	if helped*5 < len(unguarded)*4 {
		t.Errorf("%d of %d have text to paste", helped, len(unguarded))
	}
	golden(t, "testdata/unguarded.txt", got.String())
}

// golden compares text with a file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-update accepts it):\n%s", name, diff)
	}
}

// guardedTexts are expressions that cannot fail, of all kinds of guards.
var guardedTexts = []string{
	`"a" in m && m["a"] == 1`, `m["a"] == 1 && "a" in m`, `has(m.a) && m.a == 1`, `!("a" in m) || m["a"] == 1`, `"a" in m ? m["a"] == 1 : false`, `m[?"a"].orValue(1) == 1`, `s in m && m[s] == 1`, `m[?s].hasValue() && m[s] == 1`,
	`s in ml && n >= 0 && n < size(ml[s]) && ml[s][n] == 1`, `size(l) > 2 && l[2] == 1`, `l.size() >= 3 && l[2] == l[0]`, `size(l) == 2 && l[1] == 1`, `2 < size(l) && l[2] == 1`, `l != [] && l[0] == 1`, `!(size(l) < 2) && l[1] == 1`, `size(l) > 0 && l[size(l) - 1] == 1`, `size(l) > 0 && n >= 0 && l[n % size(l)] == 1`, `n in [0, 1] && size(l) > 1 && l[n] == 1`, `n >= 0 && n <= 2 && [1, 2, 3][n] == 1`,
	`l.all(i, v, l[i] == v)`, `m.all(key, m[key] == 1)`, `m.exists(key, v, m[key] == v)`, `lists.range(size(l)).all(i, l[i] == 1)`, `lists.range(3).all(i, [1, 2, 3][i] == i)`, `[1, 2].all(i, 10 / i > 1)`, `l.all(i, i != 0 && i > 0 && 10 / i > 1)`, `l.map(i, i > 0, 10 / i).size() == 1`, `ls.filter(w, size(w) > 0 && w.charAt(0) == "a").size() == 1`,
	`n != 0 && n != -1 && k / n == 1`, `n > 0 && k / n == 1`, `n > 0 && k % n == 1`, `n < 0 || n == 0 || k / n == 1`, `n > 0 && n < 100 && n * n + 1 > 3`, `n < 100 && n > -100 && -n < 3`, `u > 0u && u - 1u == 0u`, `u >= 7u && u - 7u < 3u`, `n < 9223372036854775807 && n + 1 > 3`, `n > -9223372036854775808 && math.abs(n) > 1`, `k >= 0 && math.bitShiftLeft(n, k) > 1`, `source.port + 1 > 3`, `now.getHours() * 60 + now.getMinutes() > 5`, `now - duration("24h") > ts`, `now - timestamp("2026-01-01T00:00:00Z") > du`, `(b ? 1 : 2) + 1 == 2`, `10 / (b ? 1 : 2) == 5`, `n > 10 && 10 / (n - 10) == 1 && n < 1000`,
	`n >= 0 && uint(n) == 1u`, `u < 100u && int(u) == 1`, `d > 0.0 && d < 100.0 && int(d) == 1`, `int_or(s, 0) < 5`, `int(now) > 5`, `timestamp(0) < now`, `n > 0 && n < 5 && timestamp(n) < now`, `double(n) > 1.0`, `int("12") == n`,
	`s.charAt(0) == "a"`, `now + du > ts`, `size(s) > 2 && s.substring(2) == "x"`, `size(s) >= 3 && s.substring(1, 3) == t`, `s.startsWith("ab") && s.substring(2) == t`, `s.contains("@") && s.substring(0, s.indexOf("@")) == t`, `s.contains("@") && s.substring(s.indexOf("@") + 1) == t`, `s.substring(s.indexOf("@") + 1) == t`, `s.indexOf(t) >= 0 && s.substring(s.indexOf(t)) == t`, `s.indexOf("=") > 0 ? s.substring(0, s.indexOf("=")) == t : false`, `s.split(",")[0] == t`, `s.contains(",") && s.split(",")[1] == t`, `size(s.split("/")) > 2 && s.split("/")[2] == t`, `s.substring(0, math.least(size(s), 10)) == t`, `s.charAt(size(s)) == ""`, `s.indexOf(t, 1) == 1`,
	`"%d %s %.2f".format([n, s, d]) == s`, `"%s".format([l]) == s`, `math.isFinite(d) && json.encode(d) == s`, `json.encode({"a": [n], "b": [k]}) == s`, `json.parse(s).hasValue()`,
	`isIP(s) && ip(s).isLoopback()`, `isIP(s) && in_cidr(s, "10.0.0.0/8")`, `isIP(s) && cidr("10.0.0.0/8").containsIP(s)`, `ip(source.ip).family() == 4`, `isCIDR(s) && cidr(s).prefixLength() == 8`, `!isIP(s) || ip(s).family() == 4`, `ls.exists(w, isCIDR(w) && cidr(w).containsIP(ip(source.ip)))`,
	`type(x) == int && x > 3`, `type(x) == string && x.startsWith("a")`, `type(x) == map && has(x.a) && x.a == 1`, `type(x) == map && "a" in x && type(x.a) == string && x.a.contains("b")`, `type(x) == list && size(x) > 0 && x[0] == 1`, `type(x) == list && x.all(i, i == 1)`, `type(x) == bool && x`, `type(x) == int && x > 0 && 10 / x > 1`, `lx.exists(i, type(i) == int && i > 3)`, `x == 1`, `x in lx`,
	`o.hasValue() && o.value() == 1`, `optional.of(n).value() == 1`, `o.or(optional.of(1)).value() == 1`, `size(l) > 0 && l.first().value() == 1`, `o.optMap(i, i > 0).orValue(false)`, `math.isNaN(d) || math.greatest(d, 1.0) == 1.0`, `math.greatest(1, n) == 1`, `size(l) > 0 && math.greatest(l) == 1`,
	`n >= 0 && n <= k && k <= size(s) && s.substring(n, k) == t`, `l.slice(0, size(l)) == l`, `n >= 0 && n < 100 && lists.range(n).size() == n`, `l.transformMapEntry(i, v, {i: v}).size() == 1`, `m.transformMap(key, v, v).size() == 1`, `l.sort() == l`,
	`cel.bind(v, m[?"a"], v.hasValue() && v.value() == 1)`, `cel.bind(v, m["a"], "a" in m && v == 1)`, `cel.bind(v, l, size(v) > 0 && l[0] == 1)`, `cel.bind(v, 1 / 0, true)`,
}

func TestGuarded(t *testing.T) {
	s := unplaced(t)
	for _, text := range guardedTexts {
		x := s.expression(text)
		if x == nil {
			t.Errorf("%s does not check", text)
			continue
		}
		for _, f := range s.failures(x.Root) {
			t.Errorf("%s: [%s] %s", text, f.at.Span.Text(), f.why)
		}
	}
}
