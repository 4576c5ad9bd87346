package check

import "testing"

// A header that the bundle writes never arrives: reading it, or adding to it,
// is a mistake.
func TestOwnedHeaders(t *testing.T) {
	problems(t, func(s string) string {
		return auths + lets + "route r {\n  match GET \"/r\"\n  auth a\n  forward to \"c\"\n  set request.headers[\"x-user\"] = identity.id\n}\n" +
			"route s {\n  match GET \"/s\"\n  public\n  forward to \"c\"\n  " + lines(s) + "\n}\n"
	}, []problem{
		{"deny when header(\"x-user\") == \"\"",
			"M0305 [header(\"x-user\")] x-user is owned by the bundle: it is removed from every incoming request | read the value that the bundle writes into it instead"},
		{"deny when header(\"X-User\") == \"\"",
			"M0305 [header(\"X-User\")] X-User is owned by the bundle: it is removed from every incoming request | read the value that the bundle writes into it instead"},
		{"deny when header(\"x_user\") == \"\"",
			"M0305 [header(\"x_user\")] x_user is owned by the bundle: it is removed from every incoming request | read the value that the bundle writes into it instead"},
		{"deny when header_values(\"x-user\") == []",
			"M0305 [header_values(\"x-user\")] x-user is owned by the bundle: it is removed from every incoming request | read the value that the bundle writes into it instead"},
		{"deny when request.headers[\"x-user\"] == \"\" on error deny",
			"M0305 [request.headers[\"x-user\"]] x-user is owned by the bundle: it is removed from every incoming request | read the value that the bundle writes into it instead\nM0503 [request.headers[\"x-user\"]] several x-user headers arrive here as one value, joined with commas | header_values(\"x-user\") == [\"\"]"},
		{"deny when \"x-user\" in request.headers",
			"M0305 [\"x-user\" in request.headers] x-user is owned by the bundle: it is removed from every incoming request | read the value that the bundle writes into it instead"},
		{"deny when request.headers[?\"x_user\"].hasValue()",
			"M0305 [request.headers[?\"x_user\"]] x_user is owned by the bundle: it is removed from every incoming request | read the value that the bundle writes into it instead"},
		{"deny when has(request.headers.x_user)",
			"M0305 [has(request.headers.x_user)] x_user is owned by the bundle: it is removed from every incoming request | read the value that the bundle writes into it instead"},
		{"deny when request.headers.?x_user.hasValue()",
			"M0305 [request.headers.?x_user] x_user is owned by the bundle: it is removed from every incoming request | read the value that the bundle writes into it instead"},
		{"deny when request.headers.x_user == \"\" on error deny",
			"M0305 [request.headers.x_user] x_user is owned by the bundle: it is removed from every incoming request | read the value that the bundle writes into it instead\nM0503 [request.headers.x_user] several x_user headers arrive here as one value, joined with commas | header_values(\"x_user\") == [\"\"]"},
		{"add request.headers[\"x-user\"] = \"1\"",
			"M0305 [add request.headers[\"x-user\"] = \"1\"] x-user is owned by the bundle: it never arrives, so add means nothing | use a plain set, or another header / [set request.headers[\"x-user\"] = identity.id] it is written here"},
		{"set request.headers[\"x_user\"] = \"1\" if absent",
			"M0305 [set request.headers[\"x_user\"] = \"1\" if absent] x_user is owned by the bundle: it never arrives, so if absent means nothing | use a plain set, or another header / [set request.headers[\"x-user\"] = identity.id] it is written here"},
		{"set request.headers[\"x-user\"] = \"2\"",
			""},
		{"remove request.headers[\"x-user\"]",
			""},
		{"set request.headers[\"x-user\"] = header(\"y\")",
			"M0305 [set request.headers[\"x-user\"] = header(\"y\")] x-user is owned by the bundle, and this value is the client's: whoever reads the header cannot tell them apart | use another header / [set request.headers[\"x-user\"] = identity.id] it is written from a verified value here"},
		{"set request.headers[\"x-user\"] = request.protocol",
			""},
		{"set response.headers[\"x-z\"] = response.headers[\"x-user\"] on error skip",
			""},
		{"set request.headers[\"x-b\"] = \"1\"",
			"M0305 [set request.headers[\"x-b\"] = \"1\"] auth b reads its key from x-b: a header that the bundle writes is removed from every incoming request, and nobody could log in | write another header; the credential itself is not forwarded anyway / [b] the auth"},
		{"set request.headers[\"x-a\"] = \"1\"",
			"M0305 [set request.headers[\"x-a\"] = \"1\"] auth a reads its key from x-a: a header that the bundle writes is removed from every incoming request, and nobody could log in | write another header; the credential itself is not forwarded anyway / [a] the auth"},
		{"set request.headers[\"x_a\"] = \"1\"",
			"M0305 [set request.headers[\"x_a\"] = \"1\"] auth a reads its key from x-a: a header that the bundle writes is removed from every incoming request, and nobody could log in | write another header; the credential itself is not forwarded anyway / [a] the auth"},
		{"set request.headers[\"x-q\"] = \"1\"; set response.headers[\"z\"] = \"1\"; deny when header(\"x-q\") == \"1\"",
			"M0305 [header(\"x-q\")] x-q is owned by the bundle: it is removed from every incoming request | read the value that the bundle writes into it instead"},
		{"set request.headers[\"x-c\"] = agent; deny when header(\"x-c\") == \"1\"",
			""},
		{"set request.headers[\"x-c\"] = string(host_is(\"x\")); deny when header(\"x-c\") == \"1\"",
			""},
		{"set request.headers[\"x-c\"] = source.ip; deny when header(\"x-c\") == \"1\"",
			"M0305 [header(\"x-c\")] x-c is owned by the bundle: it is removed from every incoming request | read the value that the bundle writes into it instead"},
		{"set request.headers[\"x-c\"] = \"1\" when agent == \"x\"; deny when header(\"x-c\") == \"1\"",
			"M0305 [header(\"x-c\")] x-c is owned by the bundle: it is removed from every incoming request | read the value that the bundle writes into it instead"},
	})
}

// Patterns are checked wherever they stand.
func TestRegexesOfHeaderRules(t *testing.T) {
	problems(t, func(s string) string {
		return auths + lets + "route r {\n  match GET \"/r\"\n  auth a\n  forward to \"c\"\n  set request.headers[\"x-user\"] = identity.id\n}\n" +
			"route s {\n  match GET \"/s\"\n  public\n  forward to \"c\"\n  " + lines(s) + "\n}\n"
	}, []problem{
		{"set request.headers[\"x-c\"] = \"1\" when header(\"z\").matches(\"(\")",
			"M0314 [\"(\"] missing closing ): `(`"},
		{"set request.headers[\"x-c\"] = \"1\" when header(\"z\").matches(header(\"y\"))",
			"M0314 [header(\"y\")] a regular expression is a constant: it is compiled with the policy"},
		{"set request.headers[\"x-c\"] = header(\"z\").matches(\"(\") ? \"1\" : \"2\"",
			"M0314 [\"(\"] missing closing ): `(`"},
	})
}

// Reading through a let is reading.
func TestOwnedHeadersInLets(t *testing.T) {
	_, got := checked(auths + "let user = header(\"x-user\")\nroute r {\n match GET \"/r\"\n auth a\n forward to \"c\"\n set request.headers[\"x-user\"] = identity.id\n deny when user == \"\"\n}\n")
	want := "M0305 [header(\"x-user\")] x-user is owned by the bundle: it is removed from every incoming request | read the value that the bundle writes into it instead"
	if got != want {
		t.Errorf("got %s", got)
	}
}

// Of a let that is wrong nobody knows whether it is the client's.
func TestBrokenLetsOwnNothing(t *testing.T) {
	problems(t, lines, []problem{{
		`let id = path.id; let b = id + "x"; route a { match GET "/a"; public; forward to "c"; set request.headers["x-v"] = b }` + "\n" +
			`route c { match GET "/c"; public; forward to "c"; set request.headers["x-v"] = header("x-z") }`,
		"M0301 [path] `path` is not declared | path.NAME is known in a route with {NAME} in its match; give a let a parameter for it",
	}})
}
