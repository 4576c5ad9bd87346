// Package ir is the decision IR: what a compiled bundle does, as pure data.
// Names are gone, reads are numbered slots, the order of the rules is the
// order of execution. It has a text form for people and a verifier for the
// passes.
//
// It knows neither syntax nor cel-go nor how Go is written.
package ir

import (
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/source"
)

// Bundle is one bundle, ready for code.
type Bundle struct {
	Name      string
	Digest    string // hex SHA-256 of everything the bundle was made from
	Unmatched int    // status; 0 leaves unmatched requests to the host's own route
	Normalize bool   // rewrite paths that have one safe reading
	Replies   []Reply

	// What a request is asked for. Expressions refer to these by index.
	Attributes []Attribute
	Headers    []string
	Queries    []string
	Cookies    []string
	Lists      []string // query parameters read as lists
	// Removed are the names, prefixes with a *, that some rule removes from
	// requests.
	Removed  []string
	NeedsNow bool
	Limits   []*Limit

	Owned  []string // request headers that only the bundle writes
	Auths  []*Auth
	Claims []Claim // the fields of every identity
	Lets   []*Let
	Tables []*Table
	// Decisions says which decisions are recorded: "", denied or all.
	Decisions string
	Routes    []*Route
	Scopes    []*Scope
	// MaxBody bounds the bodies of requests that no route takes; -1: it does not.
	MaxBody int64
	CORS    []*CORS
	// Stray is what scopes do to requests that no route takes, or nil.
	Stray *Stray
	// MinEnvoy is the oldest Envoy that can serve the bundle.
	MinEnvoy string
}

// Reply is the body of our own answers of a status.
type Reply struct {
	Status int
	Body   string
	JSON   bool
}

// Attribute is a host attribute that the bundle reads.
type Attribute struct {
	Name string
	Host uint32
}

// Claim is a field of the identity, of the type in which it is kept.
type Claim struct {
	Name string
	Type *types.Type
}

// Auth is an api_key auth.
type Auth struct {
	Name  string
	Place string // header, query or cookie
	Field string
	Slot  int // in Headers, Queries or Cookies
	Keys  []Key
	Span  source.Span
	// Reload says that the keys are read from File when the library is loaded
	// and when it changes; Claims are what its lines may hold.
	Reload bool
	File   string
	Claims []Claim
}

// Key is a key's digest and the identity that it stands for. Claims are in the
// order of Bundle.Claims; nil means absent.
type Key struct {
	Digest  [32]byte
	Subject string
	Groups  []string
	Claims  []any
}

// Let is a named expression, evaluated at most once a request; with parameters
// it is a function.
type Let struct {
	Name   string
	Call   bool
	Params []Param
	Value  *Expr
	Span   source.Span
}

// Param is a parameter of a let.
type Param struct {
	Name string
	Type *types.Type
}

// Route is one route.
type Route struct {
	Name     string
	FullName string
	Span     source.Span
	Patterns []Pattern
	Captures []string // names of the capture slots
	When     *Expr    // nil: always

	Public   bool
	Optional bool
	Auths    []int // indices into Bundle.Auths
	Decisions
	Scopes []int // indices into Bundle.Scopes, in order

	// Where requests go that no rule refuses: at most one of Cluster (for every
	// request), Forward, Respond and Redirect. None leaves it to the host.
	Cluster        string
	Forward        *Forward
	Respond        *Answer
	Redirect       *Target
	KeepCredential bool
	RewritePath    *Target
	RewriteHost    *Target
	Delivery       *Delivery     // nil: as the host's route has it
	Request        []*HeaderRule // in order of execution
	Response       []*HeaderRule
	MaxBody        int64   // bytes that a body may have; -1: any number
	Kept           []*Kept // what Response reads of the request
	Sharing        []Sharing
}

// Pattern is one host and template under which a route is found.
type Pattern struct {
	Host        string // "", exact, or *.suffix
	HostCapture int    // capture slot, or -1
	Template    string
	Methods     []string // nil: any
	Captures    []int    // capture of the template -> slot of the route
}

// Rule is a condition with a name.
type Rule struct {
	Name    string // full
	Number  int    // in Rules()
	When    *Expr  // nil: always
	OnSkip  bool   // on error skip
	Answer  Answer // of a deny
	Shadow  bool   // evaluated and counted, decides nothing
	Span    source.Span
	Comment string // the rule as the author wrote it
}

// Answer is a status and a body.
type Answer struct {
	Status  int
	Body    string
	JSON    bool
	HasBody bool
}

// HeaderOp is a header operation.
type HeaderOp string

// The header operations.
const (
	Remove      HeaderOp = "remove"
	RemoveAll   HeaderOp = "remove-prefix"
	Set         HeaderOp = "set"
	SetIfAbsent HeaderOp = "set-if-absent"
	Add         HeaderOp = "add"
)

// HeaderRule changes a header.
type HeaderRule struct {
	Rule
	Op     HeaderOp
	Header string
	Value  *Expr // nil for removals
	// Slot is the header slot that tells whether the header of a
	// request's set-if-absent has come with the request, or -1 when rules
	// before this one may have touched it.
	Slot int
	// Scope is the scope by template on whose requests alone the rule holds, an
	// index into Bundle.Scopes, or -1.
	Scope int
	// Inside is what is kept of whether that scope holds, for a rule on the
	// response; NeedsRequest and NeedsIdentity say of such a rule that it is left
	// out on answers to requests of which that is not known.
	Inside                      int
	NeedsRequest, NeedsIdentity bool
}

// FixedResponse reports whether a route's response rules depend on nothing, so
// that the host can carry them out on an upstream's answer by itself.
func (r *Route) FixedResponse() bool {
	for _, h := range r.Response {
		if h.When != nil || h.Scope >= 0 || h.Op == RemoveAll || h.Value != nil && !h.Value.Sendable() {
			return false
		}
	}
	return len(r.Response) > 0 && !r.Answers()
}

// AsksResponse reports whether a forwarded request of the route needs the
// response hook to call Go again.
func (r *Route) AsksResponse() bool {
	return len(r.Response) > 0 && !r.Answers() && !r.FixedResponse() && !r.Settled()
}

// Rules returns the full names of all rules, by number; 0 is the bundle's
// matching.
func (b *Bundle) Rules() []string {
	names := []string{b.Name}
	for _, r := range b.Routes {
		names = append(names, r.FullName)
		for _, k := range r.rules() {
			names = append(names, k.Name)
		}
	}
	for _, k := range b.shared() {
		names = append(names, k.Name)
	}
	return names
}

// rules lists a route's rules in the order of their numbers.
func (r *Route) rules() []*Rule {
	var all []*Rule
	all = append(all, r.Decisions.rules()...)
	for _, h := range r.Request {
		all = append(all, &h.Rule)
	}
	for _, h := range r.Response {
		all = append(all, &h.Rule)
	}
	return append(all, r.fates()...)
}

// Number gives every rule its number.
func (b *Bundle) Number() {
	n := 1
	for _, r := range b.Routes {
		n++
		for _, k := range r.rules() {
			k.Number = n
			n++
		}
	}
	for _, k := range b.shared() {
		k.Number = n
		n++
	}
}
