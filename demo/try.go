package main

import (
	"fmt"
	"slices"
	"strings"

	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/tests/envoy/harness"
)

// promise is a request and what the policy says of it.
type promise struct {
	what   string // in the table, in a reader's words
	method string // GET if empty
	path   string
	lines  []string // header lines
	status int      // of the answer
	by     string   // the rule that answers, or the route that forwards
	// cluster is where the request is forwarded to; empty if it is not.
	cluster string
	// line is what the upstream must have got as the request line; empty if it
	// does not matter.
	line string
	// received are header lines that the upstream must have got, each the only
	// one of its name, and hidden are names that it must not have got.
	received, hidden []string
	// answered are header lines that the client must have got.
	answered []string
}

// try sends the request, which is the nth, and compares.
func (p promise) try(port, n int, envoy *harness.Envoy, upstream *harness.Upstream) (row, error) {
	method := p.method
	if method == "" {
		method = "GET"
	}
	upstream.Expect(scenario.Response{Status: 200, Body: "from upstream\n"})
	text := fmt.Sprintf("%s %s HTTP/1.1\r\nhost: shop.example.com\r\n%s\r\n", method, p.path,
		strings.Join(append(slices.Clone(p.lines), ""), "\r\n"))
	answer, err := harness.SendText(port, method, text)
	if err != nil {
		return row{}, err
	}
	line, err := envoy.LogLine(n)
	if err != nil {
		return row{}, err
	}
	seen, err := upstream.Seen()
	if err != nil {
		return row{}, err
	}

	r := row{what: p.what, answer: fmt.Sprint(answer.Status), by: decider(line)}
	cluster := ""
	if len(seen) > 0 {
		cluster = fmt.Sprint(line["cluster"])
		r.answer += " from " + cluster
	} else if grpc := only(answer.Headers, "grpc-status"); len(grpc) == 1 {
		r.answer += ", grpc-status " + grpc[0]
	}
	fault := func(format string, args ...any) { r.faults = append(r.faults, fmt.Sprintf(format, args...)) }
	if answer.Status != p.status {
		fault("status %d, not %d", answer.Status, p.status)
	}
	if r.by != p.by {
		fault("decided by %s, not %s", r.by, p.by)
	}
	if cluster != p.cluster {
		fault("forwarded to %q, not %q", cluster, p.cluster)
	}
	if len(seen) > 0 {
		if p.line != "" && seen[0].Line != p.line {
			fault("the upstream got %q, not %q", seen[0].Line, p.line)
		}
		expectLines(fault, "the upstream", seen[0].Headers, p.received)
		for _, name := range p.hidden {
			if got := only(seen[0].Headers, name); len(got) > 0 {
				fault("the upstream got %s: %s", name, strings.Join(got, ", "))
			}
		}
	}
	expectLines(fault, "the client", answer.Headers, p.answered)
	return r, nil
}

// decider is the full name of what decided, from the access log: rules that
// answer are in its details, routes that forward in its route.
func decider(line map[string]any) string {
	details, _ := line["details"].(string)
	if by, ok := strings.CutPrefix(details, "moe."); ok {
		by, _, _ = strings.Cut(by, "@") // the digest
		return by
	}
	route, _ := line["route"].(string)
	if route == "" || route == "-" {
		return "Envoy: " + details
	}
	return strings.TrimPrefix(route, "moe.")
}

func expectLines(fault func(string, ...any), who string, headers []scenario.Header, lines []string) {
	for _, line := range lines {
		name, want, _ := strings.Cut(line, ": ")
		if got := only(headers, name); len(got) != 1 || got[0] != want {
			fault("%s got %s %q, not %q alone", who, name, got, want)
		}
	}
}

func only(headers []scenario.Header, name string) []string {
	var all []string
	for _, h := range headers {
		if h.Name == name {
			all = append(all, h.Value)
		}
	}
	return all
}
