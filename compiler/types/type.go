// Package types is the vocabulary of types and the schema of what a policy can
// read: attributes, functions, and for each where it is known, who chose it
// and since which Envoy it exists. It is a table: it knows neither syntax nor
// cel-go nor the runtime.
package types

// Kind is the outermost form of a type.
type Kind uint8

// The kinds.
const (
	Invalid Kind = iota
	Bool
	Int
	Uint
	Double
	String
	Bytes
	Duration
	Timestamp
	Null
	List
	Map      // keys of type Key, values of type Elem
	Optional // of Elem
	Dyn      // anything: not known before the request
	TypeOf   // a type as a value
	Other    // a type of cel-go that moe has no word for
	IP       // an address, of ip( )
	CIDR     // a block of addresses, of cidr( )
	Param    // any type, the same wherever its Name stands: in signatures only
	Record   // of Fields: the rows of tables
)

var kindNames = [...]string{"invalid", "bool", "int", "uint", "double", "string", "bytes",
	"duration", "timestamp", "null", "list", "map", "optional", "dyn", "type", "other", "net.IP", "net.CIDR", "parameter", "record"}

// String returns the word for the kind.
func (k Kind) String() string { return kindNames[k] }

// Type is a type of the language. Types are compared with Equal.
type Type struct {
	Kind Kind
	Key  *Type  // of a map
	Elem *Type  // of a list, map or optional
	Name string // of a parameter
	// Fields of a record, sorted by name: their written order says nothing.
	Fields []Field
}

// The types without parameters.
var (
	BoolType      = &Type{Kind: Bool}
	IntType       = &Type{Kind: Int}
	UintType      = &Type{Kind: Uint}
	DoubleType    = &Type{Kind: Double}
	StringType    = &Type{Kind: String}
	BytesType     = &Type{Kind: Bytes}
	DurationType  = &Type{Kind: Duration}
	TimestampType = &Type{Kind: Timestamp}
	NullType      = &Type{Kind: Null}
	DynType       = &Type{Kind: Dyn}
	TypeType      = &Type{Kind: TypeOf}
	IPType        = &Type{Kind: IP}
	CIDRType      = &Type{Kind: CIDR}
)

// ListOf returns list(elem).
func ListOf(elem *Type) *Type { return &Type{Kind: List, Elem: elem} }

// MapOf returns map(key, elem).
func MapOf(key, elem *Type) *Type { return &Type{Kind: Map, Key: key, Elem: elem} }

// OptionalOf returns optional(elem), written T? in declarations.
func OptionalOf(elem *Type) *Type { return &Type{Kind: Optional, Elem: elem} }

// ParamOf returns the type parameter of a name.
func ParamOf(name string) *Type { return &Type{Kind: Param, Name: name} }

// Equal reports whether two types are the same.
func (t *Type) Equal(u *Type) bool {
	if t == nil || u == nil {
		return t == u
	}
	return t.Kind == u.Kind && t.Name == u.Name && t.Key.Equal(u.Key) && t.Elem.Equal(u.Elem) && equalFields(t.Fields, u.Fields)
}

// String writes the type as an author would.
func (t *Type) String() string {
	if t == nil {
		return "?"
	}
	switch t.Kind {
	case List:
		return "list(" + t.Elem.String() + ")"
	case Map:
		return "map(" + t.Key.String() + ", " + t.Elem.String() + ")"
	case Optional:
		return t.Elem.String() + "?"
	case Param:
		return t.Name
	case Record:
		return t.fieldsString()
	}
	return t.Kind.String()
}
