package opt

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

func matches(pattern string) *ir.Expr {
	return &ir.Expr{Op: "matches", Type: types.BoolType, Value: pattern, Args: []*ir.Expr{{Op: "path", Type: types.StringType}}}
}

func TestPatternsThatSpellText(t *testing.T) {
	for in, want := range map[string]string{
		`^/api$`:           `(== (path) "/api")`,
		`^/api`:            `(starts-with (path) "/api")`,
		`\.html$`:          `(ends-with (path) ".html")`,
		`admin`:            `(contains (path) "admin")`,
		`^/api/.*`:         `(starts-with (path) "/api/")`,
		`^/api/.*$`:        `(and (starts-with (path) "/api/") (not (contains (path) "\n")))`,
		`^(GET|POST)$`:     `(in (path) (list "GET" "POST"))`,
		`^(?:/a|/b)`:       `(or (starts-with (path) "/a") (starts-with (path) "/b"))`,
		`^/v[12]/x$`:       `(in (path) (list "/v1/x" "/v2/x"))`,
		`^colou?r$`:        `(in (path) (list "colour" "color"))`,
		`^[a-z]+$`:         `(match-sequence <[a-z]{1,-1} end> (path))`,
		`(?i)^abc$`:        `(matches "(?i)^abc$" (path))`,
		`.*x$`:             `(matches ".*x$" (path))`,
		`(?m)^a$`:          `(matches "(?m)^a$" (path))`,
		`^a.b$`:            `(match-sequence <"a" [\x00-\t\v-\xff]{1,1} "b" end> (path))`,
		"^\uFFFD$":         "(matches \"^\uFFFD$\" (path))",
		`^$`:               `(== (path) "")`,
		`^[a-z][a-z]$`:     `(match-sequence <[a-z]{1,1} [a-z]{1,1} end> (path))`,
		`^a(b|c)(d|e)f?$`:  `(in (path) (list "abdf" "abd" "abef" "abe" "acdf" "acd" "acef" "ace"))`,
		`^(?s:/api/.*)$`:   `(match-sequence <"/api/" [\x00-\xff]{0,-1} end> (path))`,
		`^/a\n.*$`:         `(match-sequence <"/a\n" [\x00-\t\v-\xff]{0,-1} end> (path))`,
		`^(/a|/b).*(/c)?$`: `(matches "^(/a|/b).*(/c)?$" (path))`,
	} {
		if got := pattern(matches(in)).String(); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}

// What a pattern became holds of the same texts as the pattern.
func TestPatternsMeanTheSame(t *testing.T) {
	piece := rapid.SampledFrom([]string{"a", "b", "ab", "/", `\.`, "(a|b)", "(?:ab|)", "[ab]", "a?", "é", ".*", "^", "$", `\n`, "(?:^a|b)", "a*", "."})
	text := rapid.StringOfN(rapid.SampledFrom([]rune("ab/.é\n")), 0, 8, -1)
	rapid.Check(t, func(t *rapid.T) {
		p := strings.Join(rapid.SliceOfN(piece, 1, 5).Draw(t, "pattern"), "")
		re, err := regexp.Compile(p)
		if err != nil {
			t.Skip()
		}
		s := text.Draw(t, "text")
		if rapid.Bool().Draw(t, "damaged") {
			s += "\xff"
		}
		if got, want := holds(pattern(matches(p)), s), re.MatchString(s); got != want {
			t.Fatalf("%q over %q: %v, want %v: %s", p, s, got, want, pattern(matches(p)))
		}
	})
}

// holds evaluates what pattern makes.
func holds(e *ir.Expr, path string) bool {
	text := func(i int) string { s, _ := e.Args[i].Value.(string); return s }
	switch e.Op {
	case "matches":
		return regexp.MustCompile(e.Value.(string)).MatchString(path)
	case "match-sequence":
		return runnable(e.Value.(ir.Sequence)).Match(path)
	case "==":
		return path == text(1)
	case "starts-with":
		return strings.HasPrefix(path, text(1))
	case "ends-with":
		return strings.HasSuffix(path, text(1))
	case "contains":
		return strings.Contains(path, text(1))
	case "not":
		return !holds(e.Args[0], path)
	case "and":
		return holds(e.Args[0], path) && holds(e.Args[1], path)
	case "or":
		return holds(e.Args[0], path) || holds(e.Args[1], path)
	}
	for _, c := range e.Args[1].Args {
		if c.Value == path {
			return true
		}
	}
	return false
}
