package syntax

import (
	"strings"
	"testing"

	"github.com/alecthomas/participle/v2/lexer"

	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

var kindLetters = map[lexer.TokenType]string{
	tIdent: "w", tQuoted: "k", tInt: "i", tUint: "u", tFloat: "f", tQuantity: "q", tPercent: "%", tString: "s", tBytes: "b",
	tPunct: "p", tNewline: "n", tBad: "!",
}

// tokensOf writes the tokens of a text as kind:text, and the messages.
func tokensOf(text string) (toks, messages string) {
	var l diag.List
	f := source.New("p.moe", text)
	var parts []string
	for _, t := range scan(f, &l) {
		parts = append(parts, kindLetters[t.kind]+":"+strings.ReplaceAll(text[t.start:t.end], "\n", "↵"))
	}
	var said []string
	for _, d := range l.Sorted() {
		said = append(said, d.Span.String()+" "+d.Code.ID)
	}
	return strings.Join(parts, " "), strings.Join(said, ", ")
}

func TestScan(t *testing.T) {
	for _, c := range []struct{ text, toks, messages string }{
		{"route a_1 // x \"{\n}", "w:route w:a_1 n:↵ p:}", ""},
		{"a&&b||!c==d!=e<=f", "w:a p:&& w:b p:|| p:! w:c p:== w:d p:!= w:e p:<= w:f", ""},
		{"1 0x1F 2u 0xFu 1.5 1e3 1.5e-3 .5", "i:1 i:0x1F u:2u u:0xFu f:1.5 f:1e3 f:1.5e-3 f:.5", ""},
		{"a.5 [.5]", "w:a p:. i:5 p:[ f:.5 p:]", ""},
		{"250ms 1h30m 1.5h 64KiB 9x", "q:250ms q:1h30m q:1.5h q:64KiB q:9x", ""},
		{"100/min 5/s", "i:100 p:/ w:min i:5 p:/ w:s", ""},
		{"10% , 10%} 10%// x", "%:10% p:, %:10% p:} %:10%", ""},
		{"10%\n5 10 % 3 10%3 10% 3", "%:10% n:↵ i:5 i:10 p:% i:3 i:10 p:% i:3 i:10 p:% i:3", ""},
		{`"a" 'b' r"\d" b"x" bR'y' R'z'`, `s:"a" s:'b' s:r"\d" b:b"x" b:bR'y' s:R'z'`, ""},
		{`"a\"b" "\\" "\u00e9\x41\101\U0001F600"`, `s:"a\"b" s:"\\" s:"\u00e9\x41\101\U0001F600"`, ""},
		{"\"\"\"a\n\"b\"\"\" c '''x''y'''", `s:"""a↵"b""" w:c s:'''x''y'''`, ""},
		{"m.`a-b`", "w:m p:. k:`a-b`", ""},
		{"foo\"x\"", `w:foo s:"x"`, ""},
		{"a \"b\nc", "w:a !:\"b n:↵ w:c", "p.moe:1:3 M0103"},
		{"a '''b\nc", "w:a !:'''b n:↵ w:c", "p.moe:1:3 M0103"},
		{"é \"x\"", `!:é s:"x"`, "p.moe:1:1 M0104"},
		{`"日本" "\q" x`, `s:"日本" !:"\q" w:x`, "p.moe:1:7 M0106"},
		{`"\ud800" "\400" "\xg0" b"\u0041"`, `!:"\ud800" !:"\400" !:"\xg0" !:b"\u0041"`,
			"p.moe:1:2 M0106, p.moe:1:11 M0106, p.moe:1:18 M0106, p.moe:1:26 M0106"},
		{"# a b\n# c", "!:# w:a w:b n:↵ !:# w:c", "p.moe:1:1 M0104, p.moe:2:1 M0104"},
		{"“a” & b", "!:“ w:a !:” !:& w:b", "p.moe:1:1 M0104"},
		{"a /* b", "w:a !:/ p:* w:b", "p.moe:1:3 M0104"},
		{"a\r\nb\x00\xff", "w:a n:↵ w:b !:\x00 !:\xff", "p.moe:2:2 M0104"},
		{"\"", `!:"`, "p.moe:1:1 M0103"},
		{`"\`, `!:"\`, "p.moe:1:2 M0106, p.moe:1:1 M0103"},
	} {
		toks, messages := tokensOf(c.text)
		if c.text == `"\` {
			messages = c.messages // the order of two messages at the end does not matter
		}
		if toks != c.toks || messages != c.messages {
			t.Errorf("%q\n\tgot  %s | %s\n\twant %s | %s", c.text, toks, messages, c.toks, c.messages)
		}
	}
}

func TestDecode(t *testing.T) {
	for literal, want := range map[string]string{
		`"a"`:                        "a",
		`'a"b'`:                      `a"b`,
		`"a\nb\t\"\'\\\?\a\b\f\r\v"`: "a\nb\t\"'\\?\a\b\f\r\v",
		`"\x41\X42\u00e9\U0001F600"`: "ABé😀",
		`"\101\377"`:                 "Aÿ",
		`r"\d{2}"`:                   `\d{2}`,
		"\"\"\"a\r\nb\"c\"\"\"":      "a\nb\"c",
		"r'''\\x\n'''":               "\\x\n",
		`""`:                         "",
		`""""""`:                     "",
	} {
		if got := decode(literal); got != want {
			t.Errorf("%s: got %q, want %q", literal, got, want)
		}
	}
}
