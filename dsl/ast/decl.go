package ast

// Decl is a declaration at the top of a file.
type Decl interface {
	Node
	decl()
}

// Settings is bundle NAME { ... }.
type Settings struct {
	At
	Name    Name
	Members []*Member
}

// Import is import "std/x" as y.
type Import struct {
	At
	Path Text
	As   Name
}

// Let is let NAME(params) = EXPR.
type Let struct {
	At
	Name   Name
	Params []*Field // nil for a plain let
	Call   bool     // written with parentheses
	Value  *Expr
}

// Table is table NAME: TYPE from file "F" [reload].
type Table struct {
	At
	Name   Name
	Type   *Type
	File   Text
	Reload bool
}

// Secret is secret NAME from env "V" | file "F".
type Secret struct {
	At
	Name   Name
	Source string // env or file
	Value  Text
}

// Auth is auth NAME = KIND { members }.
type Auth struct {
	At
	Name    Name
	Kind    Name
	Members []*Member
}

// Member is one line in the braces of a bundle, auth or other closed block: a
// word and what follows it. Which members a block may have, and of what form,
// is decided where the block is checked.
type Member struct {
	At
	Name Name
	// Args are what follows, in order, commas left out.
	Args []Arg
	// Fields is set for claims { ... }.
	Fields []*Field
}

// Arg is one word or literal of a member. Exactly one of Word, Text, Int,
// Duration and Size is set.
type Arg struct {
	At
	Word     string
	Text     *Text
	Int      *Int
	Duration *Duration
	Size     *Size
}

// LimitDecl is limit NAME = RATE ... at the top of a file.
type LimitDecl struct {
	At
	Name Name
	Spec *LimitSpec
}

// Policy is policy NAME(params) { rules }.
type Policy struct {
	At
	Name   Name
	Params []*Field
	Rules  []Rule
}

// Route is route NAME { rules }; its match, host and when lines are rules too.
type Route struct {
	At
	Name  Name
	Rules []Rule
}

// Scope is scope NAME on ... { rules } or scope NAME { match... rules }.
type Scope struct {
	At
	Name Name
	// On is the words after on: route names, or all, or authenticated; nil for
	// a scope by template.
	On     []Name
	Except []Name
	Rules  []Rule
}

// Test is test "..." { steps }.
type Test struct {
	At
	Title Text
	Steps []Step
}

func (*Settings) decl()  {}
func (*Import) decl()    {}
func (*Let) decl()       {}
func (*Table) decl()     {}
func (*Secret) decl()    {}
func (*Auth) decl()      {}
func (*LimitDecl) decl() {}
func (*Policy) decl()    {}
func (*Route) decl()     {}
func (*Scope) decl()     {}
func (*Test) decl()      {}
