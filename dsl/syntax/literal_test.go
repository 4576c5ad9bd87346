package syntax

import (
	"testing"

	"moec.dev/moec/dsl/diag"
)

// A literal of the wrong form is refused where it stands, with the right one
// when that is clear.
func TestBadLiterals(t *testing.T) {
	for _, c := range []struct{ rule, at, help string }{
		{`respond 20`, "2:9", ""},
		{`respond 2000`, "2:9", ""},
		{`respond 099`, "2:9", ""},
		{`respond 600`, "2:9", ""},
		{`deny when a with 4.03`, "2:18", ""},
		{`timeout 5`, "2:9", "say the unit: 5s"},
		{`timeout 5min`, "2:9", "5m"},
		{`timeout 1d`, "2:9", ""},
		{`timeout 99999999h`, "2:9", ""},
		{`max_body 10`, "2:10", "say the unit: 10B or 10KiB"},
		{`max_body 64kb`, "2:10", "64KiB"},
		{`max_body 64M`, "2:10", "64MiB"},
		{`max_body 99999999999GiB`, "2:10", ""},
		{`limit l 5/m key a`, "2:11", "min"},
		{`limit l 5/week key a`, "2:11", ""},
		{`limit l 1.5/s key a`, "2:9", ""},
		{`limit l 010/s key a`, "2:9", ""},
		{`limit l 5/s burst 5s key a`, "2:19", ""},
		{`retry 99999999999999999999 on "5xx"`, "2:7", ""},
		{`forward to split { "a" 50, "b" 50% }`, "2:24", "50%"},
		{`forward to split { "a" 101% }`, "2:24", ""},
	} {
		_, ds := parseText(t, "route r {\n"+c.rule+"\n}")
		if len(ds) != 1 || ds[0].Code != diag.BadLiteral || ds[0].Span.String() != "p.moe:"+c.at || c.help != "" && ds[0].Help != c.help {
			t.Errorf("%s: %v", c.rule, ds)
			for _, d := range ds {
				t.Logf("help: %s", d.Help)
			}
		}
	}
}

func TestStrayCommas(t *testing.T) {
	for text, at := range map[string]string{
		`audience "a" "b"`:   "2:14",
		`key from, header`:   "", // from header is then another member
		`audience "a", 5`:    "2:13",
		`algorithms ES256 A`: "2:18",
		`leeway 5,`:          "",
	} {
		_, ds := parseText(t, "auth a = jwt {\n"+text+"\n}")
		switch {
		case at == "" && len(ds) > 0, at != "" && (len(ds) != 1 || ds[0].Span.String() != "p.moe:"+at):
			t.Errorf("%s: %v", text, ds)
		}
	}
}
