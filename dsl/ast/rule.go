package ast

// Rule is a statement in a route, scope or policy.
type Rule interface {
	Node
	// OnErrorWord is what the rule's on error clause says: "", deny or skip.
	OnErrorWord() Name
	rule()
}

// RuleBase is what every rule has.
type RuleBase struct {
	At
	// OnError is deny or skip; its Text is empty when not written.
	OnError Name
}

// OnErrorWord returns the on error clause.
func (b RuleBase) OnErrorWord() Name { return b.OnError }

// Match is match [METHOD, ...] "TEMPLATE".
type Match struct {
	RuleBase
	Methods  []Name // upper-case words; empty means any method
	Template Text
}

// Host is host "h", ... in a route or scope.
type Host struct {
	RuleBase
	Hosts []Text
}

// When is the lone when EXPR line of a route or scope.
type When struct {
	RuleBase
	Cond *Expr
}

// Public is the word public.
type Public struct{ RuleBase }

// AuthRef is auth [optional] a or b | a and b.
type AuthRef struct {
	RuleBase
	Optional bool
	Names    []Name
	And      bool // joined by and; by or otherwise
}

// Allow is [shadow] allow [NAME] when EXPR.
type Allow struct {
	RuleBase
	Shadow bool
	Name   Name
	When   *Expr
}

// Deny is [shadow] deny [NAME] when EXPR [with STATUS [json] ["body"]].
type Deny struct {
	RuleBase
	Shadow bool
	Name   Name
	When   *Expr
	Status *Int // nil: 403
	JSON   bool
	Body   *Text
}

// LimitRule is [shadow] limit NAME [when E] [with STATUS], or an inline limit.
type LimitRule struct {
	RuleBase
	Shadow bool
	Name   Name
	Spec   *LimitSpec // nil: a use of a named limit
	When   *Expr
	Status *Int
	Body   *Text
	JSON   bool
}

// LimitSpec is RATE [burst N] key E[, E] and the rest of a limit.
type LimitSpec struct {
	At
	Rate        *Rate // nil for rate ( ) and concurrency
	RateExpr    *Expr // rate (E) per UNIT
	RatePer     Name
	AtMost      *Int
	Burst       *Int
	BurstExpr   *Expr
	Concurrency *Int
	Key         []*Expr
	Cost        *Expr
	MaxKeys     *Int
	Store       Name
	Unavailable Name // allow, deny or local
	Announce    bool
}

// HeaderOp says how a header rule changes a header.
type HeaderOp uint8

// The header operations, in the order in which they are carried out.
const (
	Remove HeaderOp = iota
	Set
	SetIfAbsent
	Add
)

// HeaderRule is set, add or remove on request.headers or response.headers.
type HeaderRule struct {
	RuleBase
	Op       HeaderOp
	Response bool
	// Name is the header; for remove it may end in * (a prefix).
	Name  Text
	Value *Expr // nil for remove
	When  *Expr
}

// Forward is forward to ... in its forms.
type Forward struct {
	RuleBase
	Cluster *Text // forward to "c" [when E]
	When    *Expr
	Choice  *Expr // forward to E among ... [else ...]
	Among   []Text
	Else    *Text
	Split   []Share // forward to split { ... }
	Sticky  *Expr
}

// Share is one cluster of a split.
type Share struct {
	At
	Cluster Text
	Percent Int
}

// ForwardCredential is the statement forward credential.
type ForwardCredential struct{ RuleBase }

// Redirect is redirect STATUS "..." | = EXPR | https.
type Redirect struct {
	RuleBase
	Status Int
	Target *Text
	Expr   *Expr
	HTTPS  bool
}

// Respond is respond STATUS [json] ["body"].
type Respond struct {
	RuleBase
	Status Int
	JSON   bool
	Body   *Text
}

// Rewrite is rewrite path|host "..." | = EXPR.
type Rewrite struct {
	RuleBase
	Part   string // path or host
	Target *Text
	Expr   *Expr
}

// Timeout is timeout DURATION.
type Timeout struct {
	RuleBase
	After Duration
}

// Retry is retry N [per_try D] on "5xx", ... [for GET, ...].
type Retry struct {
	RuleBase
	Count   Int
	PerTry  *Duration
	On      []Text
	Methods []Name
}

// MaxBody is max_body SIZE.
type MaxBody struct {
	RuleBase
	Size Size
}

// Use is use POLICY(a: E, ...) [as x].
type Use struct {
	RuleBase
	Policy Name // may hold a module prefix: security.headers
	Args   []UseArg
	As     Name
}

// UseArg is one argument of use.
type UseArg struct {
	At
	Name  Name
	Value *Expr
}

func (*Match) rule()             {}
func (*Host) rule()              {}
func (*When) rule()              {}
func (*Public) rule()            {}
func (*AuthRef) rule()           {}
func (*Allow) rule()             {}
func (*Deny) rule()              {}
func (*LimitRule) rule()         {}
func (*HeaderRule) rule()        {}
func (*Forward) rule()           {}
func (*ForwardCredential) rule() {}
func (*Redirect) rule()          {}
func (*Respond) rule()           {}
func (*Rewrite) rule()           {}
func (*Timeout) rule()           {}
func (*Retry) rule()             {}
func (*MaxBody) rule()           {}
func (*Use) rule()               {}
