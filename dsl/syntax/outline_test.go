package syntax

import (
	"fmt"
	"strings"
	"testing"

	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// shape writes a block as its statements, | between them, a block in { }.
func shape(text string, b *block) string {
	var out []string
	for _, s := range b.stmts {
		var words []string
		blocks := s.blocks
		for _, t := range s.toks {
			if t.kind == tBlock {
				words = append(words, "{"+shape(text, blocks[0])+"}")
				blocks = blocks[1:]
				continue
			}
			words = append(words, text[t.start:t.end])
		}
		for _, b := range blocks { // its { was missing
			words = append(words, "<"+shape(text, b)+">")
		}
		if s.bad {
			words = append(words, "BAD")
		}
		out = append(out, strings.Join(words, " "))
	}
	return strings.Join(out, " | ")
}

func TestOutline(t *testing.T) {
	for _, c := range []struct{ text, want, messages string }{
		{"let a = 1\nlet b = 2; let c = 3", "let a = 1 | let b = 2 | let c = 3", ""},
		{"route a { public; match \"/\" }\n", `route a {public | match "/"}`, ""},
		{"let a = b &&\nc\n\n// x\n|| d\n? e\n: f\n.g\nlet h = 1", "let a = b && c || d ? e : f . g | let h = 1", ""},
		{"let a = f(\n1,\n\n2)\nlet b = {\n\"a\": [\n1]}\n", `let a = f ( 1 , 2 ) | let b = { "a" : [ 1 ] }`, ""},
		{"route a {\nmatch GET,\nPOST \"/\"\n}", `route a {match GET , POST "/"}`, ""},
		{"auth a = jwt { algorithms A, B, leeway 5s,\nissuer \"x\", \"y\"\n }", `auth a = jwt {algorithms A , B | leeway 5s | issuer "x" , "y"}`, ""},
		{"auth a = jwt { claims { a: string?\nb: { c: int }, d: int } }", `auth a = jwt {claims {a : string ? | b : { c : int } | d : int}}`, ""},
		{"route a { forward to split { \"a\" 9%\n \"b\" 91% } sticky by x }", `route a {forward to split {"a" 9% | "b" 91%} sticky by x}`, ""},
		{"test \"x\" { send GET \"/\" { \"a\": \"b\", \"c\": \"d\" } body \"x\"\nexpect 200 { a == {\"b\": 1}\nc; d, e } }",
			`test "x" {send GET "/" {"a" : "b" | "c" : "d"} body "x" | expect 200 {a == { "b" : 1 } | c | d | e}}`, ""},
		{"test \"x\" { as a { b: {\n} }\nrepeat 2 { hold { send again } }; wait 1s }", `test "x" {as a { b : { } } | repeat 2 {hold {send again}} | wait 1s}`, ""},

		{"route a {\npublic\nroute b { }", "route a {public} | route b {}", "p.moe:3:1 M0105"},
		{"route a {\npublic\nlet b = 1", "route a {public} | let b = 1", "p.moe:3:1 M0105"},
		{"route a {\npublic\n  let b = 1\n}", "route a {public | let b = 1}", ""},
		{"route a {\npublic\n", "route a {public}", "p.moe:2:1 M0105"},
		{"test \"x\" {\nrepeat 2 {\nhold {\nroute a { }", "test \"x\" {repeat 2 {hold {}}} | route a {}", "p.moe:4:1 M0105"},
		{"test \"x\" {\nexpect 200 { route.name == \"x\" }\n}", "test \"x\" {expect 200 {route . name == \"x\"}}", ""},
		{"}\nlet a = 1", "let a = 1", "p.moe:1:1 M0101"},
		{"route a {\ndeny when f(a\nmatch GET \"/\"\n}", `route a {deny when f ( a BAD | match GET "/"}`, "p.moe:2:12 M0102"},
		{"route a {\ndeny when f(a[1\n}\nroute b { }", `route a {deny when f ( a [ 1 BAD} | route b {}`, "p.moe:2:14 M0102"},
		{"route a {\ndeny when f(a[1)\npublic\n}", `route a {deny when f ( a [ 1 ) BAD | public}`, "p.moe:2:14 M0102"},
		{"route a {\ndeny when {\"a\": f(1}\npublic\n}", `route a {deny when { "a" : f ( 1 } BAD | public}`, "p.moe:2:18 M0102"},
		{"route a {\ndeny when (a]\npublic\n}", `route a {deny when ( a ] BAD | public}`, "p.moe:2:13 M0101"},
		{"route a { deny when f(a; public }", `route a {deny when f ( a BAD | public}`, "p.moe:1:22 M0102"},
		{"let a = f(1", "let a = f ( 1 BAD", "p.moe:1:10 M0102"},
		{"route a {\ndeny when a ==\nmatch GET \"/\"\n}", `route a {deny when a == | match GET "/"}`, ""},
		{"route a\nmatch \"/\"\n}\nlet b = 1", "route a BAD | match \"/\" | let b = 1", "p.moe:1:8 M0101, p.moe:3:1 M0101"},
		{"route a\n  match \"/\"\n}\nlet b = 1", "route a <match \"/\"> BAD | let b = 1", "p.moe:1:8 M0101"},
		{"route a\n{\npublic\n}\nlet b = 1", "route a {public} BAD | let b = 1", "p.moe:2:1 M0101"},
		{"route a\n", "route a BAD", "p.moe:1:8 M0101"},
		{"route a { } route b { }", "route a {} | route b {}", "p.moe:1:13 M0101"},
		{"rote a {\npublic\n}\nlet b = 1", "rote a {public} | let b = 1", ""},
		{"route a { respond 200 \"x\n}", "route a {respond 200 \"x BAD}", "p.moe:1:23 M0103"},
		{"test \"x\" { send GET \"/\" { , \"a\": \"b\",, } }", `test "x" {send GET "/" {"a" : "b"}}`, "p.moe:1:27 M0101, p.moe:1:38 M0101"},
	} {
		var l diag.List
		f := source.New("p.moe", c.text)
		got := shape(c.text, outline(f, scan(f, &l), &l))
		var said []string
		for _, d := range l.Sorted() {
			said = append(said, d.Span.String()+" "+d.Code.ID)
		}
		if messages := strings.Join(said, ", "); got != c.want || messages != c.messages {
			t.Errorf("%s\n\tgot  %s | %s\n\twant %s | %s", c.text, got, messages, c.want, c.messages)
		}
	}
}

// Nothing nests so deep that it could exhaust the stack, and what follows is
// still read.
func TestDepth(t *testing.T) {
	for _, c := range []struct{ open, close string }{{"(", ")"}, {"list(", ")"}, {"{a: ", "}"}, {"[", "]"}} {
		text := "table t: " + strings.Repeat(c.open, 50_000) + "int" + strings.Repeat(c.close, 50_000) + " from file \"x\"\nfoo x\n"
		_, ds := parseText(t, text)
		if len(ds) != 2 || ds[0].Code != diag.Syntax || ds[1].Code != diag.UnknownStatement {
			t.Errorf("%s: %v", c.open, ds)
		}
	}
	text := "test \"x\" {" + strings.Repeat("hold {", 50_000) + strings.Repeat("}", 50_001) + "\nfoo x\n"
	_, ds := parseText(t, text)
	if len(ds) != 2 || ds[0].Code != diag.Syntax || ds[1].Code != diag.UnknownStatement {
		t.Errorf("blocks: %v", ds)
	}
}

func TestManyMessages(t *testing.T) {
	_, ds := parseText(t, strings.Repeat("foo x\n", 500))
	if len(ds) != maxMessages+1 || !strings.HasPrefix(ds[maxMessages].Message, fmt.Sprint(500-maxMessages)) {
		t.Errorf("%d messages, the last %v", len(ds), ds[len(ds)-1])
	}
}
