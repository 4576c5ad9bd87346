package check

import "testing"

// One subject of two auths may be two callers; each alternative of an allow
// stands for itself.
func TestSubjectsOfTwoAuths(t *testing.T) {
	problems(t, in("auth a or b"), []problem{
		{"allow when identity.subject == \"x\"",
			"M0311 [identity.subject] route r accepts 2 auths: the same subject may be two callers | identity.id"},
		{"allow when who == \"x\"",
			"M0311 [who] route r accepts 2 auths: the same subject may be two callers | identity.id"},
		{"allow when identity.method == \"a\" && identity.subject == \"x\"",
			""},
		{"allow when identity.id == \"a:x\"",
			""},
		{"allow x when identity.subject == \"x\" || identity.id == \"a:y\"",
			"M0311 [identity.subject] route r accepts 2 auths: the same subject may be two callers | identity.id"},
		{"deny when identity.subject == \"x\"",
			""},
		{"allow when identity.claims.level == 1",
			""},
		{"allow when identity.claims.plan.orValue(\"\") == \"x\"",
			""},
		{"allow when identity.claims.plan == \"x\"",
			"M0301 [==] `==` compares values of one type, not a string? with a string | give the optional a default with .orValue( )"},
		{"allow when identity.claims.only_a.orValue(false)",
			""},
		{"allow when identity.claims.only_a",
			"M0302 [identity.claims.only_a] the expression is of type bool?; allow ... when needs bool | identity.claims.only_a.orValue(false)"},
		{"set request.headers[\"x-u\"] = identity.subject",
			""},
		{"allow when identity.method == \"a\" && identity.claims.only_a",
			"M0301 [identity.claims.only_a] this is a bool?; a bool is needed here | give the optional a default with .orValue( )"},
	})
}
