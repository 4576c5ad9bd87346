// Package scenario is what all executors of a bundle share: requests as a
// client sends them, outcomes as a client and an upstream see them, and the
// runner of test blocks on a virtual clock.
//
// It does not know how a decision is made: an Executor does.
package scenario

import "time"

// Header is one header line. Names are lower case; order and repetition count.
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Request is a request as the host presents it to the filter.
type Request struct {
	Method    string   `json:"method"`
	Scheme    string   `json:"scheme"`    // http unless the URL says otherwise
	Authority string   `json:"authority"` // as sent: may have a port
	Path      string   `json:"path"`      // raw, with the query
	Headers   []Header `json:"headers"`   // without pseudo-headers, duplicates joined as the host joins them
	Body      string   `json:"body,omitempty"`
	// Source is the client's address, ip:port.
	Source string `json:"source"`
	// Now is the wall clock at the start of the request.
	Now time.Time `json:"now"`
	// Clock is the monotonic clock that limits go by: how much time has passed
	// since the test began. A wait moves it, the start of the wall clock does not.
	Clock time.Duration `json:"clock,omitempty"`
	// Hold keeps the request on its way: if it is forwarded, it has not been
	// answered when Send returns, and its outcome has no response. See Stateful.
	Hold bool `json:"hold,omitempty"`
	// Tables are the tables that the test has put in place of the bundle's own,
	// as JSON, by name.
	Tables map[string]string `json:"tables,omitempty"`
	// Choose is the cluster that chance takes in a split that has it; in others,
	// and when it is "", chance takes the first with a share. An executor that
	// cannot steer chance sends the request until chance agrees.
	Choose string `json:"choose,omitempty"`
	// Upstream is what the upstream answers if the request gets there.
	Upstream Response `json:"upstream"`
}

// Response is an answer: an upstream's, or what the client got.
type Response struct {
	Status  int      `json:"status"`
	Headers []Header `json:"headers"`
	Body    string   `json:"body,omitempty"`
}

// Outcome is what became of a request. A response rule that fails turns what the
// upstream answered into an answer of the bundle: Forward is false then, By
// names the rule, and Request is empty.
type Outcome struct {
	// Forward says that the request went on; otherwise the bundle answered.
	Forward bool   `json:"forward"`
	Cluster string `json:"cluster,omitempty"` // of a forwarded request
	// By is the full name of what decided: the rule of an answer
	// (shop.orders.owner, shop.unmatched), the route of a forwarded request
	// (shop.orders).
	By string `json:"by"`
	// Status is the status that the rule chose; 0 for a forwarded request. For
	// gRPC callers Response.Status differs.
	Status int `json:"status,omitempty"`
	// Request is the forwarded request: all headers, pseudo-headers included.
	Request []Header `json:"request,omitempty"`
	// Response is what the client received, after response rules.
	Response Response `json:"response"`
	// Shadows are the rules in shadow that would have changed the outcome, nil
	// where the executor does not show them.
	Shadows []string `json:"shadows,omitempty"`
}

// Executor decides requests. Sends of one executor come one after another.
type Executor interface {
	// Name says which executor this is, for messages.
	Name() string
	// Send decides one request of a bundle.
	Send(bundle string, r Request) (Outcome, error)
	// Close ends the executor and whatever it started.
	Close() error
}

// Stateful is an executor that remembers, from one request to the next, what
// limits count. Bundles with limits need one.
type Stateful interface {
	// Begin forgets everything: a test begins with empty limits, and its clock
	// at 0.
	Begin() error
	// Release lets the upstream answer the requests that were sent with Hold, so
	// that they end.
	Release() error
}
