package scenario

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	celtypes "cel.dev/cel-go/common/types"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/dsl/ast"
)

// expect holds an expectation against what the last send came to.
func (r *run) expect(e *ast.Expect) {
	if len(r.outcomes) == 0 {
		r.stop(e.Span(), fmt.Errorf("nothing was sent before this expectation"))
		return
	}
	for i, o := range r.outcomes {
		who := ""
		if len(r.outcomes) > 1 {
			who = r.execs[i].Name() + ": "
		}
		if why := r.mismatch(e, o); why != "" {
			r.fail(e.Span(), []string{
				"sent:     " + r.sentLine(),
				"expected: " + r.expectedLine(e),
				"happened: " + happenedLine(o),
			}, "%s%s", who, why)
			continue
		}
		for _, a := range e.Assertions {
			r.assert(a, o, who)
		}
	}
}

// mismatch says what is not as expected, or "".
func (r *run) mismatch(e *ast.Expect, o Outcome) string {
	switch {
	case e.Forward && !o.Forward:
		return "the request was not forwarded"
	case e.Forward && e.Cluster != nil && o.Cluster != e.Cluster.Value:
		return "the request went to another cluster"
	case e.Forward:
		return ""
	case o.Forward:
		return "the request was forwarded"
	}
	if e.Redirect != nil {
		location := headerValues(o.Response.Headers, "location")
		if o.Response.Status < 300 || o.Response.Status > 399 {
			return "the answer is not a redirect"
		}
		if !slices.Equal(location, []string{e.Redirect.Value}) {
			return "the redirect goes elsewhere"
		}
		return ""
	}
	// Real hosts cannot show a rule's status where gRPC sends another.
	unseen := r.opts.Loose && o.Status == 0
	if e.Status != nil && o.Status != int(e.Status.Value) && !unseen {
		return "the status is another"
	}
	if e.By.Text != "" && !slices.Equal(namesEnding(r.names, e.By.Text), []string{o.By}) {
		return "another rule answered"
	}
	return ""
}

// assert evaluates one assertion over what came out.
func (r *run) assert(a *ast.Expr, o Outcome, who string) {
	checked := r.b.Assertions[a]
	if checked == nil {
		r.stop(a.Span(), fmt.Errorf("the assertion was not checked"))
		return
	}
	program, err := checked.Program()
	if err != nil {
		r.stop(a.Span(), err)
		return
	}
	facts := assertionFacts(o)
	v, _, err := program.Eval(facts)
	if err == nil && v == celtypes.True {
		return
	}
	detail := []string{"sent:     " + r.sentLine(), "happened: " + happenedLine(o)}
	detail = append(detail, readFacts(checked.Root, facts)...)
	if err != nil {
		r.fail(a.Span(), detail, "%sthe assertion %s failed: %v", who, a.Text, err)
		return
	}
	r.fail(a.Span(), detail, "%sthe assertion %s is %v", who, a.Text, v.Value())
}

// assertionFacts are the values that assertions read: request is what was
// forwarded, response what was sent. What there is none of is left out, and
// reading it fails.
func assertionFacts(o Outcome) map[string]any {
	facts := map[string]any{
		"response.code":    int64(o.Response.Status),
		"response.headers": byName(o.Response.Headers),
		"response.body":    o.Response.Body,
	}
	if !o.Forward {
		for _, n := range []string{"path", "url_path", "query", "host", "method", "scheme", "headers"} {
			facts["request."+n] = celtypes.NewErr("the request was not forwarded")
		}
		return facts
	}
	if held(o) {
		for _, n := range []string{"code", "headers", "body"} {
			facts["response."+n] = celtypes.NewErr("the request is held, and not answered yet")
		}
	}
	path := strings.Join(headerValues(o.Request, ":path"), "")
	urlPath, query, _ := strings.Cut(path, "?")
	facts["request.path"], facts["request.url_path"], facts["request.query"] = path, urlPath, query
	facts["request.host"] = strings.Join(headerValues(o.Request, ":authority"), "")
	facts["request.method"] = strings.Join(headerValues(o.Request, ":method"), "")
	facts["request.scheme"] = strings.Join(headerValues(o.Request, ":scheme"), "")
	var plain []Header
	for _, h := range o.Request {
		if !strings.HasPrefix(h.Name, ":") {
			plain = append(plain, h)
		}
	}
	facts["request.headers"] = byName(plain)
	return facts
}

// held reports whether the upstream has not answered a request yet.
func held(o Outcome) bool { return o.Forward && o.Response.Status == 0 }

func byName(headers []Header) map[string]string {
	m := map[string]string{}
	for _, h := range headers {
		m[strings.ToLower(h.Name)] = strings.Join(headerValues(headers, h.Name), ",")
	}
	return m
}

// readFacts shows the values that an assertion read, a line each; of headers
// only those that it names.
func readFacts(root *celfront.Expr, facts map[string]any) []string {
	var lines []string
	show := func(line string) {
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	root.Walk(func(x *celfront.Expr) bool {
		if len(x.Args) > 0 && x.Args[0].Op == celfront.Var {
			if headers, ok := facts[x.Args[0].Name].(map[string]string); ok {
				name, constant := headerRead(x)
				if !constant {
					return true
				}
				value, present := headers[name]
				if !present {
					value = "absent"
				} else {
					value = strconv.Quote(value)
				}
				show(fmt.Sprintf("%s[%q]: %s", x.Args[0].Name, name, value))
				return false
			}
		}
		if x.Op == celfront.Var {
			switch v := facts[x.Name].(type) {
			case string:
				show(fmt.Sprintf("%s: %q", x.Name, v))
			case int64:
				show(fmt.Sprintf("%s: %d", x.Name, v))
			case map[string]string:
				show(fmt.Sprintf("%s: %q", x.Name, v))
			}
		}
		return true
	})
	return lines
}

// headerRead returns the header that headers["n"], headers.n or has(headers.n)
// reads.
func headerRead(x *celfront.Expr) (string, bool) {
	if x.Op == celfront.Select || x.Op == celfront.Has {
		return x.Name, true
	}
	if x.Op == celfront.Call && len(x.Args) == 2 && x.Args[1].Op == celfront.Const {
		name, ok := x.Args[1].Value.(string)
		return name, ok
	}
	return "", false
}

func (r *run) sentLine() string {
	line := r.sent.Method + " " + r.sent.Path
	if r.sent.Authority != defaultAuthority {
		line = fmt.Sprintf("%s %s://%s%s", r.sent.Method, r.sent.Scheme, r.sent.Authority, r.sent.Path)
	}
	if r.as != nil {
		line += " as " + r.as.Auth.Text
		if r.as.Value != nil {
			line += " " + strings.Join(strings.Fields(r.as.Value.Text), " ")
		}
	}
	return line
}

func (r *run) expectedLine(e *ast.Expect) string {
	switch {
	case e.Forward && e.Cluster != nil:
		return "forward to " + e.Cluster.Value
	case e.Forward:
		return "forward"
	case e.Redirect != nil:
		return "redirect to " + e.Redirect.Value
	}
	line := ""
	if e.Status != nil {
		line = strconv.FormatInt(e.Status.Value, 10)
	}
	if e.By.Text != "" {
		line += " by " + strings.Join(namesEnding(r.names, e.By.Text), " or ")
	}
	return line
}

func happenedLine(o Outcome) string {
	if held(o) {
		return fmt.Sprintf("forwarded to %s by %s, and held", o.Cluster, o.By)
	}
	if o.Forward {
		return fmt.Sprintf("forwarded to %s by %s, answered %d", o.Cluster, o.By, o.Response.Status)
	}
	line := fmt.Sprintf("%d by %s", o.Status, o.By)
	if o.Status != o.Response.Status {
		line += fmt.Sprintf(", sent as %d", o.Response.Status)
	}
	for _, l := range headerValues(o.Response.Headers, "location") {
		line += ", location " + l
	}
	for _, s := range headerValues(o.Response.Headers, "grpc-status") {
		line += ", grpc-status " + s
	}
	return line
}
