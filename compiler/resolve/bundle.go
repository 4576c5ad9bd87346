// Package resolve turns the trees of a bundle's files into one bundle whose
// names are known: routes with their templates and hosts, auths with their
// keys, rules with their full names. Expressions stay text.
//
// It knows nothing of types; compiler/check gives those.
package resolve

import (
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/source"
)

// Bundle is a bundle whose names are resolved. It is immutable after Resolve.
type Bundle struct {
	Name   string
	Source *ast.Bundle
	// Unmatched is the status for requests that no route matches; 0 leaves them
	// to the host's own route.
	Unmatched int
	// Normalize says that paths with one safe reading are rewritten.
	Normalize bool
	// Replies are the bodies of our own answers by status.
	Replies map[int]Body
	// Decisions says which decisions are recorded: "", denied or all.
	Decisions string
	MaxBody   *MaxBody // of routes that do not say their own, or nil
	Lets      []*Let
	Tables    []*Table
	Auths     []*Auth
	Limits    []*Limit // named and written in blocks, in the order of writing
	Routes    []*Route // in the order of files and lines
	Scopes    []*Scope // in the order of files and lines
	Tests     []*ast.Test
}

// Body is the body of an answer. The zero Body means "none said".
type Body struct {
	Text string
	JSON bool
	Set  bool
}

// Let is a named expression, with parameters if Call is set.
type Let struct {
	// Name has the module's before it for a let that is imported: sec.is_ops.
	Name   string
	Module string // the name under which its module is imported, or ""
	Decl   *ast.Let
	Call   bool
	Params []*ast.Field
}

// Auth is an api_key auth.
type Auth struct {
	Name   string
	Decl   *ast.Auth
	Place  Place
	Field  string // header (lower case), query parameter or cookie
	Keys   []*Key
	Claims []*ast.Field
	// File is the file of the keys as the policy names it. Reload says that it
	// is read again when the library is loaded and when it changes.
	File   string
	Lines  *source.File // what it held; nil when it cannot be read. It may hold secrets by mistake: no message shows it
	Reload bool
}

// Place says where a credential is read.
type Place string

// The places.
const (
	InHeader Place = "header"
	InQuery  Place = "query"
	InCookie Place = "cookie"
)

// Key is one line of a key file.
type Key struct {
	Digest  [32]byte // SHA-256 of the key
	Subject string
	Groups  []string
	// Claims has a value for each of the auth's claim fields, in that order:
	// string, int64, uint64, float64, bool or []string, or nil when an
	// optional claim is absent.
	Claims []any
	Span   source.Span
}

// Route is one route.
type Route struct {
	Name     string // orders
	FullName string // shop.orders
	Decl     *ast.Route
	Matches  []*Match
	Hosts    []*Host // empty: any host
	When     *ast.Expr

	Public   bool
	Optional bool    // auth optional ...
	Auths    []*Auth // joined by or, in order
	AuthSpan source.Span

	// Denies, Allows, Limits and Headers are in source order; see HeaderRule for the
	// order in which header rules are carried out.
	Denies  []*Deny
	Allows  []*Allow
	Headers []*HeaderRule
	Limits  []*LimitRule
	// Scopes are those that hold on every request of the route, in order.
	Scopes []*Scope
	// CORS says which sites may read the answers, or is nil.
	CORS *CORS
	// ForwardCredential keeps credentials on the forwarded request.
	ForwardCredential bool

	// What becomes of a request that no rule refuses: at most one of these is
	// set, and with none the host's own route decides.
	Forward  *Forward
	Respond  *Respond
	Redirect *Redirect
	// How it is forwarded, each nil where the route does not say.
	RewritePath, RewriteHost *Rewrite
	Timeout                  *Timeout
	MaxBody                  *MaxBody
	Retry                    *Retry
}

// Match is one match line.
type Match struct {
	Decl    *ast.Match
	Methods []string // nil: any; GET implies HEAD, which is not listed
	Path    *Template
}

// Rule is what decisions and header rules have in common.
type Rule struct {
	Name     string // full: shop.orders.owner
	Span     source.Span
	When     *ast.Expr // nil: always (only header rules)
	OnError  string    // "", deny or skip
	ErrorPos source.Span
	// Shadow rules are evaluated and counted, and decide nothing.
	Shadow bool
	Use    *Use // that the rule comes from, or nil
}

// Deny is a deny rule.
type Deny struct {
	Rule
	Status int
	Body   Body
}

// Allow is an allow rule. One of those of its block must hold; see Groups.
type Allow struct {
	Rule
	Block string // the full name of the route, scope or use that holds it
}

// HeaderRule changes a header. Executors carry out removes first, then sets,
// then sets if absent, then adds, each in source order.
type HeaderRule struct {
	Rule
	Op       ast.HeaderOp
	Response bool
	Header   string // lower case; for a prefix removal without the *
	Prefix   bool
	Value    *ast.Expr // nil for remove
}

// Respond is respond STATUS "body".
type Respond struct {
	Status int
	Body   Body
	Span   source.Span
}
