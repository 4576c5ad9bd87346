package resolve

import (
	"time"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/source"
)

// Limit is a set of buckets: one that the bundle names, or one that is written
// in a block and belongs to that place.
type Limit struct {
	Name     string // per_user
	FullName string // shop.per_user; shop.orders.burst where it stands in a block
	Spec     *ast.LimitSpec
	Place    source.Span // of the name
	// Exactly one of Count, AtMost and Concurrency is set. Burst is 0 for as
	// many as the rate's count; beside AtMost, as the highest that a request
	// may name.
	Count, AtMost, Burst, Concurrency int64
	Period                            time.Duration // of Count or AtMost
	Keys                              int           // how many keys have buckets of their own
	Announce                          bool
}

// LimitRule is a limit in a block. Its Name is the Limit's full name, and its
// When may be nil.
type LimitRule struct {
	Rule
	Limit  *Limit
	Status int // 429 unless said
	Body   Body
	// The limit's expressions as they stand here: a named limit is checked, and
	// may be of other types, at each place that takes from it. Rate and BurstOf
	// are nil where the numbers are constant, and Cost where it is 1.
	Key                 []*ast.Expr
	Cost, Rate, BurstOf *ast.Expr
}

// Exprs are the expressions of the rule but its condition.
func (l *LimitRule) Exprs() []*ast.Expr {
	var all []*ast.Expr
	for _, e := range append([]*ast.Expr{l.Rate, l.BurstOf, l.Cost}, l.Key...) {
		if e != nil {
			all = append(all, e)
		}
	}
	return all
}
