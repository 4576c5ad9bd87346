package check

import "testing"

// Lets in any order, but in no circle.
func TestLets(t *testing.T) {
	problems(t, func(s string) string {
		return auths + lines(s) + "\nroute r { match GET \"/r\"; auth a; forward to \"c\"; allow when y }\n"
	}, []problem{
		{"let y = true",
			""},
		{"let y = z; let z = true",
			""},
		{"let y = y",
			"M0205 [y] let y depends on itself / [y] through y"},
		{"let y = z; let z = y",
			"M0205 [z] let z depends on itself / [z] through y"},
		{"let y = z; let z = w; let w = z",
			"M0205 [w] let w depends on itself / [z] through y / [w] through z"},
		{"let y = f(1); let f(x: int) = g(x); let g(x: int) = f(x)",
			"M0205 [g] let g depends on itself / [f(1)] through y / [g(x)] through f"},
		{"let f(x: int) = f(x); let y = f(1)",
			"M0205 [f] let f depends on itself / [f(x)] through f"},
		{"let y = x; let f(x: int) = x == 1",
			"M0301 [x] `x` is not declared\nM0506 [f] let f is never read | remove it"},
		{"let f(y: int) = y == 1; let y = f(1)",
			""},
		{"let y = f(z); let z = 1; let f(z: int) = z == 1",
			""},
		{"let y = path.id == \"x\"",
			"M0301 [path] `path` is not declared | path.NAME is known in a route with {NAME} in its match; give a let a parameter for it"},
		{"let y = response.code == 1",
			"M0303 [response.code] a let is evaluated with the request; the response is not known then | write it into the response rule itself\nM0303 [y] the response is not known when a request is decided | response.* may stand in set, add and remove of response.headers"},
		{"let y = identity.id == \"x\"",
			""},
		{"let y = identity.claims.plan == \"\"",
			"M0301 [==] `==` compares values of one type, not a string? with a string | give the optional a default with .orValue( )"},
		{"let y = identity.claims.only_a.orValue(true)",
			""},
		{"let y = true; let z = 1",
			"M0506 [z] let z is never read | remove it"},
		{"let y = nope == z; let z = 1",
			"M0301 [nope] `nope` is not declared"},
		{"let y = true || 1 / 0 > 0 || z; let z = 1 / 0 == 1",
			""},
		{"let y = nope",
			"M0301 [nope] `nope` is not declared"},
		{"let y = z; let z = nope",
			"M0301 [nope] `nope` is not declared"},
		{"let y = \"x\"",
			"M0302 [y] the expression is of type string; allow ... when needs bool | y != \"\""},
		{"let y = request.size == 1",
			"M0402 [request.size] request.size is not supported yet: the body is not read yet\nM0501 [y] whoever sends the request chooses everything that this allow reads | let it depend on identity or source too"},
		{"let y = [1].exists(z, z == 1); let z = 2",
			""},
		{"let y = f(1); let f(x: string) = true",
			"M0301 [f] `f` takes (string), not (int) | f(string)"},
		{"let f() = true; let y = f()",
			""},
		{"let y = in_cidr(source.ip, \"10.0.0.0/8\")",
			""},
		{"let y = 1 / 0 == 1",
			"M0316 [y] let y may fail | end the rule with: on error deny / [1 / 0] in let y: this fails when the divisor is 0"},
		{"let y = route.name == \"r\"",
			""},
	})
}

// What is wrong in a let is told there.
func TestLetsOfDecisions(t *testing.T) {
	problems(t, func(s string) string {
		return auths + lines(s) + "\nroute r { match GET \"/r\"; auth a; forward to \"c\"; allow when y }\n"
	}, []problem{
		{"let y = agent.matches(\"(\"); let agent = header(\"x\")",
			"M0314 [\"(\"] missing closing ): `(`\nM0501 [y] whoever sends the request chooses everything that this allow reads | let it depend on identity or source too"},
		{"let y = agent.matches(\"a\") && ops; let agent = header(\"x\"); let ops = identity.id == \"x\"",
			"M0502 [\"a\"] the pattern is not anchored: it matches anywhere in the text | \"^(a)$\""},
		{"let y = request.headers[\"x\"] == \"1\"",
			"M0503 [request.headers[\"x\"]] several x headers arrive here as one value, joined with commas | header_values(\"x\") == [\"1\"]\nM0316 [y] let y may fail | \"x\" in request.headers && y / [request.headers[\"x\"]] in let y: this fails when the header is not there\nM0501 [y] whoever sends the request chooses everything that this allow reads | let it depend on identity or source too"},
	})
}

// A let that may fail is as good as its reader's guard; what is known where a
// let is called, is known in it.
func TestGuardedLets(t *testing.T) {
	problems(t, func(s string) string {
		return auths + `let version = request.headers["x-v"]
let part(s: string, n: int) = s.split(",")[n]
let ratio(a: int, b: int) = a / b
let trusted = "x-v" in request.headers
let ports = [80, 443]
route r { match GET "/r/{id}"; auth a; forward to "c"; ` + lines(s) + `
}
route s { match GET "/s"; auth a; forward to "c"; deny x when version == part("a", 0) || trusted || ports[0] == ratio(1, 1) on error deny }
`
	}, []problem{
		{`deny when "x-v" in request.headers && version == "1"`, ""},
		{`deny when trusted && version == "1"`, ""},
		{`deny when trusted && request.headers["x-v"] == "1"`,
			"M0503 [request.headers[\"x-v\"]] several x-v headers arrive here as one value, joined with commas | header_values(\"x-v\") == [\"1\"]"},
		{`deny when version == "1"`,
			"M0316 [version] let version may fail | !(\"x-v\" in request.headers) || version == \"1\" / [request.headers[\"x-v\"]] in let version: this fails when the header is not there"},
		{`deny when "x-w" in request.headers && version == "1"`,
			"M0316 [version] let version may fail | \"x-w\" in request.headers && (!(\"x-v\" in request.headers) || version == \"1\") / [request.headers[\"x-v\"]] in let version: this fails when the header is not there"},
		{`deny when part(path.id, 0) == "a"`, ""},
		{`deny when part(path.id, 1) == "a"`,
			"M0316 [part(path.id, 1)] let part may fail | end the rule with: on error deny / [s.split(\",\")[n]] in let part: this fails when the list is too short"},
		{`deny when path.id.contains(",") && part(path.id, 1) == "a"`, ""},
		{`deny when ratio(10, source.port + 1) == 2`, ""},
		{`deny when true && 1 / 0 > 1`, "M0316 [1 / 0] this fails for every request | say on what it depends, or leave it out"},
		{`deny when source.port > 5 || int("abc") > 1`, "M0316 [int(\"abc\")] this fails for every request | say on what it depends, or leave it out"},
		{`deny when source.port > 5 && (true || 1 / 0 > 0)`, ""},
		{`deny when "x-c" in request.headers && request.headers["X-C"] > "1"`,
			"M0308 [request.headers[\"X-C\"]] the keys of request.headers are lower-case: X-C is never found | request.headers[\"x-c\"]\nM0316 [request.headers[\"X-C\"]] this fails when the header is not there | end the rule with: on error deny"},
		{`deny when source.port != 0 && ratio(10, source.port) == 2`, ""},
		{`deny when ratio(10, source.port) == 2`,
			"M0316 [ratio(10, source.port)] let ratio may fail | end the rule with: on error deny / [a / b] in let ratio: this fails when the divisor is 0"},
		{`deny when ports[1] == source.port`, ""},
		{`deny when ports[2] == source.port`,
			"M0316 [ports[2]] this fails when the list is too short | size(ports) <= 2 || ports[2] == source.port"},
		{`deny when identity.groups.exists(version, version == "a")`, ""},
	})
}
