package analyze_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"moec.dev/moec/compiler"
)

// A scope that a client can step out of is told of, with a request.
func TestSwitches(t *testing.T) {
	for _, c := range []struct{ settings, matches, want string }{
		{"", `match "/a/{x}"; when header("x-internal") == ""`, "GET /a/x then goes through route r without the rules of scope w"},
		{"", `match "/**"; when header("x-internal") == ""`, "GET /a/x then goes"},
		{"", `match "/a/b"; when inside && header("x") == ""`, "GET /a/b then goes"},
		{"", `match POST "/a/{x}"; when !(inside || header("x") == "")`, "POST /a/x then goes"},
		{"", `match "/a/{x}"; when asked`, "GET /a/x then goes"},
		{"", `match "/a/{x}"; when inside`, ""},
		{"", `match "/a/{x}"; when inside || header("x") == ""`, ""},
		{"", `match "/a/{x}"; when !(inside && header("x") == "")`, ""},
		{"", `match "/a/{x}"; when now.getHours() > 8`, ""},
		{"bundle shop { unmatched forward }", `match "/b/{x}"; when header("x") == ""`, "GET /b/x is then forwarded"},
		{"bundle shop { unmatched forward }", `match "/b/{x}"`, ""},
		{"", `match "/b/{x}"`, "no request that a route takes matches scope w"},
	} {
		text := c.settings + "\nlet inside = in_cidr(source.ip, \"10.0.0.0/8\")\nlet asked = header(\"x\") == \"\"\nroute r { match \"/a/{x}\"; public; deny far when !inside && !asked; respond 200 }\nscope w { " + c.matches + "; deny outside when !inside }\n"
		_, diags := compiler.Run(compiler.Input{FS: fstest.MapFS{"a.moe": {Data: []byte(text)}}, Name: "shop"}, "analyze")
		got := ""
		for _, d := range diags {
			if d.Code.ID == "M0570" || d.Code.ID == "M0520" || d.Code.Severity == 0 {
				got += d.Message
			}
		}
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s %s\n gives %q, want %q", c.settings, c.matches, got, c.want)
		}
	}
}
