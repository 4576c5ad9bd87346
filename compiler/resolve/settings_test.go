package resolve

import (
	"strings"
	"testing"
)

// Settings of a bundle; what stands on one line here is a line each.
func TestSettings(t *testing.T) {
	problems(t, []problem{
		{"unmatched 404",
			""},
		{"unmatched 399",
			"M0310 [399] unmatched requests are answered with a status from 400 to 599, not 399"},
		{"unmatched 600",
			"M0310 [600] unmatched requests are answered with a status from 400 to 599, not 600"},
		{"unmatched",
			"M0106 [unmatched] unmatched is not written like this"},
		{"unmatched 404 405",
			"M0106 [unmatched 404 405] unmatched is not written like this"},
		{"unmatched \"404\"",
			"M0106 [unmatched \"404\"] unmatched is not written like this"},
		{"unmatched forward to \"c\"",
			"M0106 [unmatched forward to \"c\"] unmatched is not written like this"},
		{"unmatched forward",
			""},
		{"unmatched 404; unmatched 405",
			"M0206 [unmatched 405] unmatched is said twice"},
		{"paths refuse",
			""},
		{"paths normalize",
			""},
		{"paths",
			"M0106 [paths] paths is not written like this"},
		{"paths other",
			"M0106 [paths other] paths is not written like this"},
		{"reply 403 \"x\"; reply 404 json \"{}\"",
			""},
		{"reply 403 \"x\"; reply 403 \"y\"",
			"M0206 [reply 403 \"y\"] reply 403 is said twice"},
		{"reply 200 \"x\"",
			"M0310 [200] reply gives the body of refusals: a status from 400 to 599, not 200"},
		{"reply 403",
			"M0106 [reply 403] reply is not written like this"},
		{"reply \"x\"",
			"M0106 [reply \"x\"] reply is not written like this"},
		{"reply 403 json",
			"M0106 [reply 403 json] reply is not written like this"},
		{"reply 403 xml \"x\"",
			"M0106 [reply 403 xml \"x\"] reply is not written like this"},
		{"trusted_hops 1",
			"M0401 [trusted_hops 1] trusted_hops is not supported yet"},
		{"decisions off",
			"M0106 [decisions off] decisions is not written like this"},
		{"max_body 1MiB",
			""},
		{"max_body 10",
			"M0106 [max_body 10] max_body is not written like this"},
		{"max_body 1KiB; max_body 2KiB",
			"M0206 [max_body 2KiB] max_body is said twice"},
		{"foo 1",
			"M0211 [foo] a bundle has no setting foo"},
		{"unmatch 404",
			"M0211 [unmatch] a bundle has no setting unmatch"},
	}, func(s string) string {
		return "bundle shop {\n  " + strings.ReplaceAll(s, "; ", "\n  ") + "\n}" + health
	})
}

func TestSettingsAreKept(t *testing.T) {
	b, got := resolved("bundle shop {\n unmatched 421\n reply 403 \"no\"\n reply 404 json \"{}\"\n paths refuse\n}" + health)
	if got != "" || b.Unmatched != 421 || b.Replies[403] != (Body{"no", false, true}) || b.Replies[404] != (Body{"{}", true, true}) || len(b.Replies) != 2 {
		t.Errorf("%s %d %v", got, b.Unmatched, b.Replies)
	}
	if b, _ := resolved(health); b.Unmatched != 404 {
		t.Errorf("unmatched is %d when nothing is said", b.Unmatched)
	}
}

func TestDeclarations(t *testing.T) {
	problems(t, []problem{
		{"let a = 1\nlet a = 2",
			"M0202 [a] a is declared twice: all names of a bundle share one namespace"},
		{"let health = 1",
			"M0202 [health] health is declared twice: all names of a bundle share one namespace"},
		{"let a(x: int, x: int) = 1",
			"M0202 [x] parameter x is declared twice"},
		{"let a(x: {y: int}) = 1",
			"M0401 [{y: int}] a record type here is not supported yet"},
		{"import \"std/security\"",
			""},
		{"limit a 1/s key source.ip",
			"M0101 [1] `=` must stand here, not `1`"},
		{"secret s from file \"x\"",
			"M0401 [s] secret is not supported yet"},
		{"policy p() { }",
			"M0506 [p] no block uses policy p: its expressions are not checked"},
		{"scope s on all { }",
			""},
		{"auth a = jwt { }",
			"M0401 [jwt] auth of kind jwt is not supported yet"},
		{"auth a = foo { }",
			"M0203 [foo] foo is not a kind of auth"},
		{"",
			""},
		{"let aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa = 1",
			"M0201 [aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa] a name has at most 100 characters; this one has 101"},
		{"let " + strings.Repeat("a", 100) + " = 1", ""},
	}, func(s string) string { return s + health })
	if _, got := resolved("let a = 1\n"); got != "M0215 bundle shop has no routes: it would refuse every request" {
		t.Error(got)
	}
}
