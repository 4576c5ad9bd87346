package check

import "testing"

// in puts rules into a route with this access.
func in(access string) func(string) string {
	return func(s string) string {
		return auths + lets + "route r {\n  match GET \"/r/{id}\"\n  " + access + "\n  forward to \"c\"\n  " + lines(s) + "\n}\n"
	}
}

// What is not known yet cannot be read, and lets are seen through.
func TestPhases(t *testing.T) {
	problems(t, in("auth a"), []problem{
		{"when identity.id == \"x\"",
			"M0303 [identity.id] identity is not known here: the when of a route is evaluated before anybody is authenticated | let the route say auth NAME, or auth optional NAME"},
		{"when ops",
			"M0303 [ops] identity is not known here: the when of a route is evaluated before anybody is authenticated | let the route say auth NAME, or auth optional NAME"},
		{"when in_group(\"x\")",
			"M0303 [in_group(\"x\")] identity is not known here: the when of a route is evaluated before anybody is authenticated | let the route say auth NAME, or auth optional NAME"},
		{"when response.code == 200",
			"M0303 [response.code] the response is not known when a request is decided"},
		{"when agent == \"x\"",
			""},
		{"deny when response.code == 200",
			"M0303 [response.code] the response is not known when a request is decided | response.* may stand in set, add and remove of response.headers"},
		{"allow when response.headers[\"x\"] == \"\" && ops",
			"M0303 [response.headers] the response is not known when a request is decided | response.* may stand in set, add and remove of response.headers\nM0316 [response.headers[\"x\"]] this fails when the header is not there | \"x\" in response.headers && response.headers[\"x\"] == \"\" && ops"},
		{"set request.headers[\"x\"] = string(response.code)",
			"M0303 [response.code] the response is not known when the request is forwarded"},
		{"set request.headers[\"x\"] = \"1\" when response.code == 200",
			"M0303 [response.code] the response is not known when the request is forwarded"},
		{"set response.headers[\"x\"] = string(response.code)",
			""},
		{"set response.headers[\"x\"] = identity.id",
			""},
		{"set response.headers[\"x\"] = \"1\" when ops",
			""},
		{"set response.headers[\"x\"] = agent",
			""},
		{"set response.headers[\"x\"] = path.id",
			""},
		{"set response.headers[\"x\"] = route.name",
			""},
		{"set response.headers[\"x\"] = string(now.getHours())",
			""},
		{"set response.headers[\"x\"] = header(\"x\")",
			""},
		{"deny when in_group(\"x\")",
			""},
		{"allow when identity.subject == \"x\"",
			""},
		{"allow when path.nope == \"\"",
			"M0301 [path.nope] `path.nope` is not declared | path.id"},
		{"deny when identity.claims.nope == \"\"",
			"M0301 [identity.claims.nope] `identity.claims.nope` is not declared | identity.claims.level"},
		{"deny when identity.claims.other == \"\"",
			"M0301 [identity.claims.other] `identity.claims.other` is not declared | identity.claims.level"},
		{"allow when identity.claims.plan == \"x\"",
			"M0301 [==] `==` compares values of one type, not a string? with a string | give the optional a default with .orValue( )"},
		{"allow when identity.claims.plan.orValue(\"\") == \"x\"",
			""},
		{"allow when identity.claims.level > 3",
			""},
	})
}

// Nobody is authenticated on a public route.
func TestPublicRoutesKnowNobody(t *testing.T) {
	problems(t, in("public"), []problem{
		{"deny when identity.id == \"x\"",
			"M0303 [identity.id] identity is not known here: route r is public: nobody is authenticated | let the route say auth NAME, or auth optional NAME"},
		{"allow when ops",
			"M0303 [ops] identity is not known here: route r is public: nobody is authenticated | let the route say auth NAME, or auth optional NAME"},
		{"set request.headers[\"x\"] = who",
			"M0303 [who] identity is not known here: route r is public: nobody is authenticated | let the route say auth NAME, or auth optional NAME"},
		{"set request.headers[\"x\"] = \"1\" when in_group(\"x\")",
			"M0303 [in_group(\"x\")] identity is not known here: route r is public: nobody is authenticated | let the route say auth NAME, or auth optional NAME"},
		{"set response.headers[\"x\"] = identity.id",
			"M0303 [identity.id] identity is not known here: route r is public: nobody is authenticated | let the route say auth NAME, or auth optional NAME"},
		{"deny when identity.claims.level == 1",
			"M0303 [identity.claims.level] identity is not known here: route r is public: nobody is authenticated | let the route say auth NAME, or auth optional NAME"},
		{"deny when identity.anonymous",
			"M0303 [identity.anonymous] identity is not known here: route r is public: nobody is authenticated | let the route say auth NAME, or auth optional NAME"},
	})
}
