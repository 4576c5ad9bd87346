package core

import (
	"strings"
	"unsafe"
)

// The words of the fetch standard, section 3.3 (https://fetch.spec.whatwg.org).
const (
	headerOrigin          = "origin"
	headerRequestedMethod = "access-control-request-method"
	headerRequestedFields = "access-control-request-headers"
	headerAllowOrigin     = "access-control-allow-origin"
)

// CORS says which sites may read the answers of some routes, and what their
// pages may send. Generated code fills it in with constants; it is never written
// again.
type CORS struct {
	Details string // of the answer to a browser that asks first
	// Origins are taken byte for byte; none means any origin.
	Origins             []string
	Methods, Fields     []string // Fields are header names in lower case
	AnyMethod, AnyField bool     // AnyField leaves authorization out
	Permit              []Change // of the answer to an allowed origin that asks first
	Answers             [][]Action
	// Answers are the changes to answers: [0] to those that no listed origin
	// gets, [i+1] to those of Origins[i]. See Frame.After for where they lie.
}

// origin is the index in Answers for the request's origin; ok says whether its
// pages may read the answer.
func (c *CORS) origin(origin string) (i int, ok bool) {
	if len(c.Origins) == 0 {
		return 0, true
	}
	for i := range c.Origins {
		if c.Origins[i] == origin {
			return i + 1, true
		}
	}
	return 0, false
}

// Share leaves with the host what an answer to this request must say of who may
// read it.
func (r *Request) Share(c *CORS) {
	i, _ := c.origin(r.Header(r.spec.origin))
	changes := c.Answers[i]
	r.f.Before = Ref{P: uintptr(unsafe.Pointer(unsafe.SliceData(changes))), N: uintptr(len(changes))}
	r.shares = changes
}

// ShareOwn puts the same on an answer of our own, before its response rules.
func (r *Request) ShareOwn() {
	if r.f.Verdict != VerdictReply {
		return
	}
	for i := range r.shares {
		if a := &r.shares[i]; a.Op != OpRemove {
			r.push(OpAdd, a.Key.view(), a.Value.view())
		}
	}
}

// Asks reports whether a browser asks whether a page may send a request: a
// preflight of the fetch standard.
func (r *Request) Asks() bool {
	return r.method == "OPTIONS" && r.HasHeader(r.spec.origin) && r.Header(r.spec.requestedMethod) != ""
}

// AskAs has routes and scopes matched as the request that the page means to
// send.
func (r *Request) AskAs() { r.asked = r.Header(r.spec.requestedMethod) }

// AskNoMore goes back to the request at hand.
func (r *Request) AskNoMore() {
	r.asked = ""
	r.shares = nil
	r.f.Before = Ref{}
}

// MatchMethod is the method as which the request is matched.
func (r *Request) MatchMethod() string {
	if r.asked != "" {
		return r.asked
	}
	return r.method
}

// Permit answers a browser that asks: 204 with what a page may send, or 403.
func (r *Request) Permit(c *CORS) {
	r.shares = nil
	i, ok := c.origin(r.Header(r.spec.origin))
	if ok && c.takesMethod(r.asked) && c.takesFields(r.Header(r.spec.requestedFields)) {
		r.ReplyExact(c.Details, 204, "", false)
		if i > 0 {
			r.push(OpAdd, headerAllowOrigin, c.Origins[i-1])
		}
		for k := range c.Permit {
			r.push(OpAdd, c.Permit[k].Name, c.Permit[k].Value)
		}
	} else {
		r.Reply(c.Details, 403, "", false)
	}
	if len(c.Origins) > 0 {
		r.push(OpAdd, "vary", headerOrigin)
	}
}

func (c *CORS) takesMethod(method string) bool {
	if c.AnyMethod {
		return true
	}
	if method == "HEAD" && contains(c.Methods, "GET") {
		return true
	}
	return contains(c.Methods, method)
}

// takesFields reports whether all names of a list may be sent.
func (c *CORS) takesFields(list string) bool {
	for list != "" {
		var name string
		name, list, _ = strings.Cut(list, ",")
		if name = trimmed(name); name != "" && !c.takesField(name) {
			return false
		}
	}
	return true
}

func (c *CORS) takesField(name string) bool {
	if c.AnyField && !named(name, "authorization") {
		return true
	}
	for i := range c.Fields {
		if named(name, c.Fields[i]) {
			return true
		}
	}
	return false
}

func contains(list []string, s string) bool {
	for i := range list {
		if list[i] == s {
			return true
		}
	}
	return false
}
