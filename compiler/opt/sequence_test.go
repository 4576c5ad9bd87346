package opt

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"moec.dev/moec/compiler/ir"
	values "moec.dev/moec/runtime/eval"
)

// runnable is a sequence as generated code has it.
func runnable(q ir.Sequence) *values.Sequence {
	var steps []values.Step
	for _, s := range q {
		switch s.Kind {
		case ir.StepText:
			steps = append(steps, values.StepText(s.Text))
		case ir.StepRun:
			steps = append(steps, values.StepRun(s.Text, s.Min, s.Max))
		case ir.StepFork:
			steps = append(steps, values.StepFork(s.Text, s.Jump))
		case ir.StepJump:
			steps = append(steps, values.StepJump(s.Jump))
		default:
			steps = append(steps, values.StepEnd())
		}
	}
	return values.NewSequence(steps...)
}

func TestPatternsThatAreSequences(t *testing.T) {
	for in, want := range map[string]string{
		`^[a-z]+$`:                     `[a-z]{1,-1} end`,
		`^[a-z]*$`:                     `[a-z]{0,-1} end`,
		`^/users/[0-9]+$`:              `"/users/" [0-9]{1,-1} end`,
		`^/users/\d{1,3}/x`:            `"/users/" [0-9]{1,3} "/x"`,
		`^/users/[^/]+$`:               `"/users/" [\x00-.0-\xff]{1,-1} end`,
		`^/users/[0-9]+`:               `"/users/" [0-9]{1,1}`,
		`^v[0-9]+\.[0-9]+$`:            `"v" [0-9]{1,-1} "." [0-9]{1,-1} end`,
		`^v[0-9].[0-9]$`:               `"v" [0-9]{1,1} [\x00-\t\v-\xff]{1,1} [0-9]{1,1} end`,
		`^[0-9a-f-]+$`:                 `[\x2d0-9a-f]{1,-1} end`,
		`^/foo(/.*)?$`:                 `"/foo" [/]?+2 "/" [\x00-\t\v-\xff]{0,-1} end`,
		`^[0-9]+(\.[0-9]+)*$`:          `[0-9]{1,-1} [.]?+3 "." [0-9]{1,-1} -4 end`,
		`^(ab)+$`:                      `"ab" [a]?+2 "ab" -3 end`,
		`^(?:a+|b+)$`:                  `[a]?+2 [a]{1,-1} +1 [b]{1,-1} end`,
		`^a[0-9]+(/|$)`:                `"a" [0-9]{1,-1} [/]?+2 "/" +1 end`,
		`^([0-9]{1,3}\.){3}[0-9]{1,3}`: `[0-9]{1,3} "." [0-9]{1,3} "." [0-9]{1,3} "." [0-9]{1,1}`,
		`^\d{2}\d+$`:                   `[0-9]{2,2} [0-9]{1,-1} end`,
	} {
		q, ok := pattern(matches(in)).Value.(ir.Sequence)
		if got := q.String(); !ok || got != "<"+want+">" {
			t.Errorf("%s\n got %s\nwant <%s>", in, got, want)
		}
	}
	for _, in := range []string{`[a-z]+$`, `^[a-z]+a$`, `^a?[a-z]b?[b-d]$`, `^(?i)a[0-9]+$`, `^[éè]+$`, `^\pL+$`, "^\uFFFD[0-9]+$", `^\bx[0-9]+$`, `(?m)^[0-9]+$`, `^(a[0-9]+|[a-z]+)$`, `^(a*)*$`, `^(a+|b*|$)c$`, `^/x(/a[0-9]?)?b|c`, `^.*x[0-9]+$`, `^(|$|a[0-9]+)$`} {
		if e := pattern(matches(in)); e.Op != "matches" {
			t.Errorf("%s became %s", in, e)
		}
	}
}

// A sequence holds of the same texts as its pattern.
func TestSequencesMeanTheSame(t *testing.T) {
	class := rapid.SampledFrom([]string{"[0-9]", `\d`, "[a-c]", "[^/]", ".", "[ab]", "a", "é", "[^a]", `\.`, "(?s:.)", "[b-]"})
	times := rapid.SampledFrom([]string{"", "", "+", "*", "?", "{2}", "{1,2}", "{2,}", "{0,2}", "+?"})
	simple := rapid.Custom(func(t *rapid.T) string {
		if rapid.Bool().Draw(t, "text") {
			return rapid.SampledFrom([]string{"/", "ab", ".", "x", "é/", "0", "c", "$", ""}).Draw(t, "literal")
		}
		return class.Draw(t, "class") + times.Draw(t, "times")
	})
	joined := func(l []string) string { return strings.Join(l, "") }
	items := rapid.Map(rapid.SliceOfN(simple, 1, 3), joined)
	piece := rapid.Custom(func(t *rapid.T) string {
		switch rapid.IntRange(0, 4).Draw(t, "piece") {
		case 0:
			return "(" + items.Draw(t, "group") + ")" + times.Draw(t, "times")
		case 1:
			return "(?:" + items.Draw(t, "one") + "|" + items.Draw(t, "other") + ")" + times.Draw(t, "times")
		}
		return simple.Draw(t, "simple")
	})
	some := rapid.OneOf(
		rapid.StringOfN(rapid.SampledFrom([]rune("01ab./\n")), 0, 8, -1),
		rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "/", "0", "é", ".", "x", "\xff", "\xc3", "\xa9", "\n", "ab", "-", "\uFFFD"}), 0, 8), joined),
	)
	sequences, held := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p := "^" + joined(rapid.SliceOfN(piece, 1, 4).Draw(t, "pattern")) + rapid.SampledFrom([]string{"$", "$", ""}).Draw(t, "end")
		re, err := regexp.Compile(p)
		if err != nil {
			t.Skip()
		}
		e := pattern(matches(p))
		q, ok := e.Value.(ir.Sequence)
		if !ok {
			return
		}
		sequences++
		for range 30 {
			var s string
			if rapid.Bool().Draw(t, "near") {
				s = rapid.StringMatching(p).Draw(t, "matching")
				if at := rapid.IntRange(0, len(s)).Draw(t, "at"); rapid.Bool().Draw(t, "damaged") {
					s = s[:at] + some.Draw(t, "damage") + s[at:]
				}
			} else {
				s = some.Draw(t, "s")
			}
			want := re.MatchString(s)
			if want {
				held++
			}
			if got := runnable(q).Match(s); got != want {
				t.Fatalf("%q over %q: %v, want %v: %s", p, s, got, want, q)
			}
		}
	})
	if sequences == 0 || held == 0 {
		t.Errorf("%d sequences, %d texts", sequences, held)
	}
}

func BenchmarkSequences(b *testing.B) {
	for p, s := range map[string]string{`^/greetings/\d+$`: "/greetings/12345", `^[0-9a-f-]+$`: "7f6ba1c2-0f3e-4c5d-9d31-8e6a5b7c9d10", `^/foo(/.*)?$`: "/foo/bar/baz", `^v[0-9].[0-9].[0-9]$`: "v1.2.3"} {
		q, re, n := runnable(pattern(matches(p)).Value.(ir.Sequence)), regexp.MustCompile(p), 0
		b.Run(p+"/sequence", func(b *testing.B) {
			for b.Loop() {
				if q.Match(s) {
					n++
				}
			}
		})
		b.Run(p+"/regexp", func(b *testing.B) {
			for b.Loop() {
				if re.MatchString(s) {
					n++
				}
			}
		})
	}
}
