package celfront

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"moec.dev/moec/dsl/diag"
)

var update = flag.Bool("update", false, "write what the messages say to testdata")

// misused are expressions as people get them wrong.
var misused = []string{
	// Names.
	`reqest.host == ""`, `request.hosts == ""`, `request.Host == ""`, `request.header["a"] == ""`, `request.headers.get("a") == ""`, `headers["a"] == ""`, `identity.group == "x"`, `identity.Groups == []`, `identity.claims.plans == ""`, `identity.claim.plan == ""`, `path.ID == ""`, `path == ""`, `identity == ""`, `Now > now`, `source.ip == ""`,
	// Functions.
	`"a".startswith("b")`, `"a".beginsWith("b")`, `"a".starts_with("b")`, `"a".endswith("b")`, `"a".hasPrefix("b")`, `"a".includes("b")`, `"a".toLowerCase() == ""`, `"a".lower() == ""`, `"a".to_lower() == ""`, `"a".length() == 1`, `"a".len() == 1`, `len("a") == 1`, `length("a") == 1`, `count([1]) == 1`, `"a".match("b")`, `"a".indexof("b") == 1`, `"a".substr(1) == ""`, `toString(n) == ""`, `str(n) == ""`, `"a".toInt() == 1`, `integer("1") == 1`, `float("1") == 1.0`, `boolean("true")`,
	`Header("a") == ""`, `headers("a") == ""`, `getHeader("a") == ""`, `header["a"] == ""`, `cookies("a") == ""`, `querry("a") == ""`, `incidr("1.2.3.4", "10.0.0.0/8")`, `inCidr("1.2.3.4", "10.0.0.0/8")`, `in_cird("1.2.3.4", "10.0.0.0/8")`, `intOr("1", 2) == 1`, `math.max(1, 2) == 1`, `math.min(1, 2) == 1`, `math.pow(2, 3) == 8`, `math.Abs(n) == 1`, `lists.rang(3) == []`, `base64.encod(b"a") == ""`, `optional.some(1).hasValue()`, `sets.contain([1], [1])`, `strings.qoute("a") == ""`, `json.stringify(1) == ""`, `ip.isCanonic("1.2.3.4")`, `twize(1) == 2`, `nothin()`, `request.host.lenght() == 1`, `type(n) == strng`, `math.gratest(1, 2) == 1`,
	// Macros.
	`identity.groups.exist(g, g == "x")`, `identity.groups.any(g, g == "x")`, `identity.groups.some(g, g == "x")`, `identity.groups.every(g, g == "x")`, `identity.groups.All(g, g == "x")`, `identity.groups.existOne(g, g == "x")`, `identity.groups.exists(g => g == "x")`, `identity.groups.exists("x")`, `identity.groups.filter(g)`, `identity.groups.contains("x")`, `identity.groups.has("x")`, `has("a")`, `has(request.headers["a"])`, `exists(identity.groups, g, g == "x")`, `identity.groups.map(g)`, `identity.groups.sortBy(g)`, `identity.groups.transformlist(i, g, g)`, `identity.groups.all(1, true)`, `cel.bind(1, 2, 3)`, `optional.of(1).optmap(x, x)`,
	// Members of the wrong type.
	`n.startsWith("a")`, `n.size() == 1`, `request.headers.startsWith("a")`, `identity.groups.startsWith("a")`, `identity.groups.lowerAscii() == ""`, `"a".getHours() == 1`, `now.year() == 1`, `now.getYear() == 1`, `now.hour == 1`, `"a".foo`, `n.foo`, `"a"[0] == "a"`, `n[0] == 1`, `identity.claims.plan.size() == 1`, `identity.claims.plan.startsWith("a")`, `identity.claims.plan.or("a") == "a"`, `identity.groups.orValue([])`, `identity.groups[0].subject == ""`, `ip("1.2.3.4").contains("1")`, `"a".join(",") == ""`,
	// Types.
	`n == "1"`, `n == 1.0`, `n + 1.5 > 2.0`, `n + "a" == ""`, `"a" + 1 == ""`, `"a" * 2 == ""`, `n && true`, `!n`, `!"a"`, `n ? 1 : 2`, `"a" ? true : false`, `true ? 1 : "a"`, `"a" in "abc"`, `"a" in n`, `1 in identity.groups`, `n in 1`, `identity.groups == "a"`, `identity.groups["a"] == ""`, `request.headers[0] == ""`, `-"a" == ""`, `-true`, `now == "2026-01-01"`, `now > "2026-01-01"`, `now - 5 > now`, `now + "1h" > now`, `duration(5) > duration("1s")`, `identity.claims.plan == "gold"`, `identity.claims.plan == null`, `identity.id == null`, `n > null`, `[1, 2] == ["a"]`, `{"a": 1}[1] == 1`, `"a" < 1`, `duration("1h") * 2 > duration("1s")`, `1.0 + 1 > 2.0`, `(n + 1) * 2 == request.host`, `n - 1 in [1] && n == size(request.host) + 1.5`, `size(request.host) == 1u`, `request.host[0] == "a" || (request.host + "b")[1] == "c"`, `size(n) == 1`, `int(true) == 1`, `bool(1)`, `string(identity.groups) == ""`, `matches("a")`, `"a".matches(n)`, `"a".replace("b") == ""`, `"a".substring("b") == ""`, `"a".split(1) == []`, `header(n) == ""`, `header("a", "b") == ""`, `in_cidr(n, "10.0.0.0/8")`, `twice("a") == 1`, `twice(1, 2) == 1`, `math.abs("a") == 1`, `math.greatest("a", 1) == 1`, `math.greatest() == 1`, `cidr("10.0.0.0/8").containsIP(1)`, `json.encode() == ""`, `optional.of() == 1`,
	// Words and signs of other languages.
	`n = 1`, `n === 1`, `n !== 1`, `n <> 1`, `n == 1 and true`, `n == 1 or true`, `not true`, `n == 1 & true`, `n == 1 | true`, `n =~ "a"`, `"a" =~ "b"`, `"a" ~ "b"`, `n++ == 1`, `n ** 2 == 1`, `n ?? 1`, `n?.x`, `n is null`, `"a" like "b"`, `"a" matches "b"`, `"a" contains "b"`, `"a" startsWith "b"`, `"a" not in ["a"]`, `!"a" in ["a"]`, `if n == 1 then true else false`, `n == nil`, `n == None`, `n == undefined`, `b == True`, `True`, `TRUE`, `nil`, `self.x == 1`, `this.x == 1`, "`a` == \"b\"", `$n == 1`, `@n`, `n == 1;`, `n == '1`, `"a' == "b"`, `n == 1)`, `(n == 1`, `[1, 2`, `{"a": 1`, `{a: 1}.a == 1`, `{"a", 1}`, `n == 01`, `n == 1_000`, `n == 1,5`, `1.2.3`, `0xZZ`, `n == 99999999999999999999`, `-9223372036854775809 == n`, `"\q"`, `"\u12"`, `b"é" == "a"`, `n == 1 &&`, `&& n == 1`, `n == == 1`, `n 1`, `n.`, `.n == n`, `..`, `()`, `[]  [`, `n?1`, `a.b{c: 1}`, `x => x`, `for x in [1]`, `/a/`, `1 < n < 3`, `"a" == "b" == "c"`, `n == 1 ? true`, `#a`,
	// Constants.
	`ip("1.2.3") == ip("1.2.3.4")`, `cidr("10.0.0.0/33").isMask()`, `duration("1d") > duration("1h")`, `duration("abc") == duration("1h")`, `timestamp("2026-01-01") > now`, `timestamp("2026-13-01T00:00:00Z") > now`, `"a".matches("(")`, `"%d".format(["a"]) == ""`, `"%d %d".format([1]) == ""`, `"%y".format([1]) == ""`, `"%s".format([1, 2]) == ""`, `"%s".format([optional.of(1)]) == ""`,
}

// Every mistake gets its place, what is wrong, and where a name or sign is near
// to what was meant, that.
func TestMisuse(t *testing.T) {
	e := names(t)
	var got strings.Builder
	for _, text := range misused {
		var diags diag.List
		accepted := e.Check(expression(text), &diags) != nil
		got.WriteString(text + "\n")
		if accepted {
			got.WriteString("  accepted\n")
		}
		for _, line := range strings.Split(shown(diags.Sorted()), "\n") {
			if line != "" {
				got.WriteString("  " + line + "\n")
			}
		}
	}
	const golden = "testdata/misuse.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); diff != "" {
		t.Errorf("-update accepts it:\n%s", diff)
	}
}
