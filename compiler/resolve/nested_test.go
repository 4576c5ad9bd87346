package resolve

import "testing"

// Uses that lead back to where they began are told once, and nothing hangs on
// them.
func TestUsesInPolicies(t *testing.T) {
	problems(t, []problem{
		{"policy one { use one() }\npolicy two { deny x when true }",
			"M0260 [use one()] policy one uses itself"},
		{"policy one { use two() }\npolicy two { use three() }\npolicy three { use two(); use one() }",
			"M0260 [use two()] policy two uses itself\nM0260 [use one()] policy one uses itself"},
		{"policy one { use two() as a; use two() as a }\npolicy two { deny x when true }",
			"M0202 [use two() as a] policy one has two rules named a"},
		{"policy one { use two(n: 1) }\npolicy two { deny x when true }",
			"M0222 [n] policy two has no parameter n"},
		{"policy one { use nobody() }\npolicy two { deny x when true }",
			"M0203 [nobody] no policy is named nobody"},
		{"policy one { deny two when true; use two() }\npolicy two { deny x when true }",
			"M0202 [use two()] policy one has two rules named two"},
		{"policy one { set request.headers[\"x-a\"] = \"1\"; use two() }\npolicy two { set request.headers[\"x-a\"] = \"2\" }",
			"M0307 [use one()] x-a is set twice for every request\nM0307 [use two() as other] x-a is set twice for every request"},
	}, func(policy string) string {
		return policy + "\nroute a { match GET \"/\"; public; use one(); use two() as other; forward to \"a\" }"
	})
}
