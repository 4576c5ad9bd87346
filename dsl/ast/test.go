package ast

// Step is a statement of a test block.
type Step interface {
	Node
	step()
}

// As is as AUTH { subject: ..., groups: ..., claims: {...} } or as nobody.
type As struct {
	At
	Nobody bool
	Sign   bool // sign as AUTH { ... }
	Auth   Name
	// Value is the CEL map literal with its braces; nil when not written.
	Value *Expr
}

// Send is send METHOD "URL" { headers } [from "IP"] [body "..."].
type Send struct {
	At
	Again   bool // send again: the other fields are empty
	Method  Name
	URL     Text
	Headers []Pair // in order; a name may occur twice
	From    *Text
	Body    *Text
}

// Pair is one "name": "value" of a send or upstream.
type Pair struct {
	At
	Name  Text
	Value Text
}

// Expect is expect forward [to "c"] | STATUS [by NAME] | redirect "..." with
// optional assertions.
type Expect struct {
	At
	Forward    bool
	Cluster    *Text
	Status     *Int
	By         Name // may hold dots
	Redirect   *Text
	Assertions []*Expr
}

// Upstream is upstream STATUS { headers }: what the next requests' upstream
// answers.
type Upstream struct {
	At
	Status  Int
	Headers []Pair
}

// Choose is choose "c".
type Choose struct {
	At
	Cluster Text
}

// Repeat is repeat N { steps }.
type Repeat struct {
	At
	Count Int
	Steps []Step
}

// Hold is hold { steps }.
type Hold struct {
	At
	Steps []Step
}

// Wait is wait DURATION.
type Wait struct {
	At
	For Duration
}

// Clock is at "2026-01-01T00:00:00Z".
type Clock struct {
	At
	Time Text
}

// SetTable is table NAME = EXPR.
type SetTable struct {
	At
	Name  Name
	Value *Expr
}

func (*As) step()       {}
func (*Send) step()     {}
func (*Expect) step()   {}
func (*Upstream) step() {}
func (*Choose) step()   {}
func (*Repeat) step()   {}
func (*Hold) step()     {}
func (*Wait) step()     {}
func (*Clock) step()    {}
func (*SetTable) step() {}
