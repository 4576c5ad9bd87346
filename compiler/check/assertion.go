package check

import (
	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/ast"
)

// assertionVariables are what a test's assertions read: the request as it was
// forwarded, the response as it was sent.
var assertionVariables = []celfront.Variable{
	{Name: "request.path", Type: types.StringType},
	{Name: "request.url_path", Type: types.StringType},
	{Name: "request.query", Type: types.StringType},
	{Name: "request.host", Type: types.StringType},
	{Name: "request.method", Type: types.StringType},
	{Name: "request.headers", Type: types.MapOf(types.StringType, types.StringType)},
	{Name: "response.code", Type: types.IntType},
	{Name: "response.headers", Type: types.MapOf(types.StringType, types.StringType)},
	{Name: "response.body", Type: types.StringType},
}

// assertions checks the assertions of the test blocks.
func (c *checker) assertions() {
	if len(c.Tests) == 0 {
		return
	}
	env, err := celfront.NewEnv(assertionVariables, nil)
	if err != nil {
		panic("check: environment: " + err.Error())
	}
	constants, err := celfront.NewEnv(nil, nil) // for table NAME = EXPR
	if err != nil {
		panic("check: environment: " + err.Error())
	}
	var walk func(steps []ast.Step)
	walk = func(steps []ast.Step) {
		for _, s := range steps {
			switch s := s.(type) {
			case *ast.Expect:
				for _, a := range s.Assertions {
					if x := c.expr(env, a, types.BoolType, "an assertion"); x != nil {
						c.Assertions[a] = x
						delete(c.Exprs, a)
					}
				}
			case *ast.SetTable:
				if x := c.expr(constants, s.Value, nil, ""); x != nil {
					c.Assertions[s.Value] = x
					delete(c.Exprs, s.Value)
				}
			case *ast.Repeat:
				walk(s.Steps)
			case *ast.Hold:
				walk(s.Steps)
			}
		}
	}
	for _, t := range c.Tests {
		walk(t.Steps)
	}
}
