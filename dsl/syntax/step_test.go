package syntax

import "testing"

func TestSteps(t *testing.T) {
	checkForms(t, testBlock, []form{
		{`as nobody`, `(As Nobody)`},
		{`as staff`, `(As Auth:staff)`},
		{"as staff { subject: \"8\",\n  claims: { \"a\": {\"b\": 1} } }", "(As Auth:staff Value:‹{ subject: \"8\",\n  claims: { \"a\": {\"b\": 1} } }›)"},
		{`sign as staff { subject: "8" }`, `(As Sign Auth:staff Value:‹{ subject: "8" }›)`},
		{`send GET "/x"`, `(Send Method:GET URL:"/x")`},
		{"send POST \"/x?a=b\" { \"a\": \"b\"\n \"a\": \"c\", \"d\": \"}\" } from \"10.0.0.1\" body r\"{}\"", `(Send Method:POST URL:"/x?a=b" Headers:[(Pair Name:"a" Value:"b") (Pair Name:"a" Value:"c") (Pair Name:"d" Value:"}")] From:"10.0.0.1" Body:"{}")`},
		{`send again`, `(Send Again)`},
		{`expect forward`, `(Expect Forward)`},
		{`expect forward to "c" { request.headers["x"] == "y" }`, `(Expect Forward Cluster:"c" Assertions:[‹request.headers["x"] == "y"›])`},
		{"expect 429 by orders.per_user {\n  response.headers[\"a\"] == \"b\"\n  && x\n  route.name in [\"a\",\n \"b\"]; y\n}", "(Expect Status:429 By:orders.per_user Assertions:[‹response.headers[\"a\"] == \"b\"\n  && x› ‹route.name in [\"a\",\n \"b\"]› ‹y›])"},
		{`expect redirect "/x"`, `(Expect Redirect:"/x")`},
		{`upstream 500 { "a": "b" }`, `(Upstream Status:500 Headers:[(Pair Name:"a" Value:"b")])`},
		{`upstream 204`, `(Upstream Status:204)`},
		{`choose "c"`, `(Choose Cluster:"c")`},
		{`repeat 20 { send GET "/x"; expect forward to "c" }`, `(Repeat Count:20 Steps:[(Send Method:GET URL:"/x") (Expect Forward Cluster:"c")])`},
		{`hold { send again }`, `(Hold Steps:[(Send Again)])`},
		{`wait 600ms`, `(Wait For:600ms)`},
		{`at "2026-01-01T00:00:00Z"`, `(Clock Time:"2026-01-01T00:00:00Z")`},
		{`table plans = { "gold": { "per_minute": 600 } }`, `(SetTable Name:plans Value:‹{ "gold": { "per_minute": 600 } }›)`},
	})
}
