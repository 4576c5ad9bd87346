package conformance

import (
	"testing"

	suite "cel.dev/expr/conformance/test"
)

func TestReasons(t *testing.T) {
	sx := syntax(t)
	const proto3 = "cel.expr.conformance.proto3"
	for _, c := range []struct {
		*suite.SimpleTest
		want reason
	}{
		{&suite.SimpleTest{Expr: "1 + 1 == 2"}, run},
		{&suite.SimpleTest{Expr: "type(timestamp(0)) == google.protobuf.Timestamp"}, run},
		{&suite.SimpleTest{Expr: "[1].all(x, x > 0)", Container: proto3}, run},
		{&suite.SimpleTest{Expr: "1 + 1", DisableCheck: true}, notChecked},
		{&suite.SimpleTest{Expr: "1 + 1", CheckOnly: true}, notEvaluated},
		{&suite.SimpleTest{Expr: "1 +"}, noParse},
		{&suite.SimpleTest{Expr: "[google.protobuf.Int32Value{value: 1}]"}, aMessage},
		{&suite.SimpleTest{Expr: "type(TestAllTypes)", Container: proto3}, aMessage},
		{&suite.SimpleTest{Expr: "type(TestAllTypes)", Container: "x.y"}, run}, // and then not declared
		{&suite.SimpleTest{Expr: "GlobalEnum.GAZ == 1", Container: proto3}, anEnum},
		{&suite.SimpleTest{Expr: "GlobalEnum(1)", Container: proto3 + ".inner"}, anEnum},
		{&suite.SimpleTest{Expr: "." + proto3 + ".GlobalEnum.GAZ"}, anEnum},
	} {
		q, got := ask(sx, &entry{"file", "section", c.SimpleTest})
		if got != c.want || (q == nil) == (got == run) {
			t.Errorf("%s: %q, want %q", c.Expr, got, c.want)
		}
	}
}
