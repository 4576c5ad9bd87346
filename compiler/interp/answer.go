package interp

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/scenario"
)

// reply is the outcome of an answer of our own. The rules of the route, when
// one was chosen, and of the scopes that hold apply to it before the host sends
// it.
func (d *decision) reply(a *answer) scenario.Outcome {
	headers, body := d.written(a)
	if !a.cors {
		headers = d.readable(headers)
	}
	headers = d.announced(headers)
	headers, failed := d.responseRules(a.status, headers)
	if failed != nil {
		return d.failed(failed)
	}
	return scenario.Outcome{
		By: a.by, Status: a.status,
		Response: scenario.HostReply(d.sent, a.status, headers, body),
	}
}

// passed is the outcome of a forwarded request that the upstream has answered.
// A response rule that fails makes an answer of our own of it.
func (d *decision) passed(o scenario.Outcome) scenario.Outcome {
	if d.sent.Hold {
		return o
	}
	o.Response = d.sent.Upstream
	headers, failed := d.responseRules(o.Response.Status, d.announced(d.readable(o.Response.Headers)))
	if failed != nil {
		return d.failed(failed)
	}
	o.Response.Headers = headers
	if d.sent.Method == "HEAD" {
		o.Response.Body = ""
	}
	return o
}

// failed is the answer in place of one whose response rule failed. No rule
// applies to it: it would fail again.
func (d *decision) failed(a *answer) scenario.Outcome {
	headers, body := d.written(a)
	return scenario.Outcome{
		By: a.by, Status: a.status,
		Response: scenario.HostReply(d.sent, a.status, headers, body),
	}
}

// responseRules changes the headers of an answer. For a gRPC caller too the
// code that rules see is the rule's own.
func (d *decision) responseRules(status int, headers []scenario.Header) ([]scenario.Header, *answer) {
	d.response, d.lets = &scenario.Response{Status: status, Headers: headers}, nil
	return d.changeHeaders(slices.Clone(headers), true)
}

// written is an answer before response rules and before the host's hand.
func (d *decision) written(a *answer) ([]scenario.Header, string) {
	body := d.bodyOf(a)
	var headers []scenario.Header
	add := func(name, value string) {
		headers = append(headers, scenario.Header{Name: name, Value: value})
	}
	switch {
	case scenario.IsGRPC(d.sent.Headers):
		add("grpc-status", strconv.Itoa(grpcStatus(a.status)))
	case body.Text == "":
	case body.JSON:
		add("content-type", "application/json")
	default:
		add("content-type", "text/plain")
	}
	return append(headers, a.headers...), body.Text
}

// bodyOf picks a body: the rule's own, the bundle's for the status, or the
// reason in plain words.
func (d *decision) bodyOf(a *answer) resolve.Body {
	switch {
	case a.body.Set:
		return a.body
	case d.bundle.Replies[a.status].Set:
		return d.bundle.Replies[a.status]
	case a.silent:
		return resolve.Body{}
	}
	reason := http.StatusText(a.status)
	if reason == "" {
		return resolve.Body{}
	}
	return resolve.Body{Text: strings.ToLower(reason) + "\n"}
}

// grpcStatus translates the status that a rule chose.
func grpcStatus(http int) int {
	switch {
	case http == 401:
		return 16 // UNAUTHENTICATED
	case http == 403:
		return 7 // PERMISSION_DENIED
	case http == 404, http == 405:
		return 12 // UNIMPLEMENTED
	case http == 413, http == 429:
		return 8 // RESOURCE_EXHAUSTED
	case http == 500:
		return 13 // INTERNAL
	case http >= 500:
		return 14 // UNAVAILABLE
	case http >= 400:
		return 3 // INVALID_ARGUMENT
	case http >= 300:
		return 2 // UNKNOWN
	}
	return 0
}
