// Package core is the host-neutral heart of the library: the frame that
// crosses from the host, the view of a request that generated code reads, the
// decision that it leaves, and the semantics of headers, hosts and paths.
//
// It uses the standard library only, no cgo, and knows neither Envoy nor the
// compiler. Nothing here allocates, locks or writes a map while a request is
// decided.
package core

import "unsafe"

// Limits of a frame. They bound what one hook may read and write; what does
// not fit is refused, never cut off.
const (
	MaxHeaders    = 512       // headers that a hook can read
	MaxActions    = 256       // header changes that a decision can carry
	MaxAttributes = 16        // attributes that a bundle can read
	MaxElements   = 128 << 10 // elements of lists and maps that a hook can build
	MaxHeld       = 8         // handles of what a request holds until its stream ends
	ArenaSize     = 128 << 10 // bytes for strings that a decision builds: twice the headers that Envoy accepts
)

// Bytes is memory borrowed from the host: valid until the hook returns.
type Bytes struct {
	P unsafe.Pointer
	N uintptr
}

// String returns a view of the bytes. It must not outlive the hook.
func (b Bytes) String() string { return unsafe.String((*byte)(b.P), int(b.N)) }

// Field is one header as the host keeps it.
type Field struct{ Key, Value Bytes }

// Ref points into the frame's arena or into the library's read-only data. It
// is an integer because frames live in C memory: a pointer-typed store there
// would run Go's write barrier on whatever bytes were in the slot before.
type Ref struct{ P, N uintptr }

// Op says what an action does to a header. In a reply only OpAdd occurs.
type Op uint32

// The header operations of an action. OpSetIfAbsent occurs in Frame.After only:
// elsewhere the decision knows what is there.
const (
	OpRemove Op = iota
	OpSet
	OpAdd
	OpSetIfAbsent
)

// Change is a header change known when the library was built.
type Change struct {
	Op          Op
	Name, Value string
}

// Fix turns changes into actions. The actions must be a package variable of
// array type: the host keeps their address beyond the call, so that they may
// not lie on the heap; so must the strings be constants.
func Fix(actions []Action, changes ...Change) {
	for i, c := range changes {
		actions[i] = Action{Op: c.Op, Key: ref(c.Name), Value: ref(c.Value)}
	}
}

// Action is one header change, carried out by the host in order after the
// hook's Go call has returned.
type Action struct {
	Op         Op
	_          uint32
	Key, Value Ref
}

// Phase says which hook a frame serves.
type Phase uint32

// The phases.
const (
	PhaseRequest Phase = iota
	PhaseResponse
	PhaseTrailers // of a request that goes on; Headers are its trailers
	PhaseBody     // of a request whose body is larger than Frame.MaxBody
)

// Verdict is what the host must do.
type Verdict uint32

// The verdicts. VerdictUnset is refused by the host with 500: a frame that
// nobody decided must not let a request through.
const (
	VerdictUnset Verdict = iota
	VerdictContinue
	VerdictReply
)

// Flags of a decided frame.
const (
	// FlagResponse asks for the response hook of this stream.
	FlagResponse uint32 = 1 << iota
	// FlagReroute asks the host to choose the route again, because the headers
	// that it goes by were changed.
	FlagReroute
	// FlagFault marks a request that could not be decided and was denied for
	// that reason; the host counts it.
	FlagFault
	// FlagShadow marks a request whose outcome a rule in shadow would have
	// changed; the host counts it.
	FlagShadow
	// FlagSettled says that Kept are changes of the response's headers, which
	// the host makes without asking again; see Response.OpenAhead.
	FlagSettled
	// FlagCrowded marks a request for whose key some limit had no room; the host
	// counts it.
	FlagCrowded uint32 = 1 << 8
)

// Frame is what crosses the border once per hook. Its layout is moe_frame in
// runtime/host/frame.h, held equal by a test. The host owns it; it lives on the
// host's stack for the length of one call.
//
// INVARIANT: no field ever holds a pointer to the Go heap.
type Frame struct {
	// Set by the host.
	Headers    *Field // NHeaders of them: the request's or the response's
	NHeaders   uintptr
	Arena      *byte // ArenaSize bytes of the host's
	Bundle     uint32
	Phase      Phase
	Now        int64 // nanoseconds since 1970, wall clock; 0 if not asked for
	Clock      int64 // monotonic nanoseconds since some start; 0 if not asked for
	Attributes [MaxAttributes]Attribute

	// Both: the route that the request phase chose, for the response phase;
	// -1 means none. The host hands it on unread.
	Route int32

	// Set by the decision.
	ArenaLen uint32
	Verdict  Verdict
	Status   uint32
	Flags    uint32
	NActions uint32
	Outcome  uint32 // what decided, by its number in the bundle; 0 is none
	NHeld    uint32 // handles in Held
	Body     Ref
	Details  Ref // the deciding rule, for the response-code details
	Label    Ref // the route, for the access log
	// After are the changes that the host makes to the response without asking
	// again: P is the address of the first of N actions in the library's static
	// data, which outlive the stream.
	After Ref
	// Held are the NHeld handles of what the request holds, written when it is
	// taken: whatever the verdict comes to, the host gives them to Release when
	// the stream ends.
	Held [MaxHeld]uint64
	// Kept is what later hooks of the stream need of the request: in the arena
	// when the request is decided, where the host copies it from, and that copy
	// in the hooks that follow.
	Kept Ref
	// MaxBody is 1 more than how many bytes of body may follow the headers of a
	// request that goes on; 0 sets no bound. The host counts.
	MaxBody uint64
	// Before are changes that the host makes to the response before those in
	// After, and before it asks again. They lie where those do.
	Before Ref
	// Shadows are the rules in shadow that would have changed the outcome: N
	// bytes of the arena at P, a bit a rule by its number. N is 0 for none.
	Shadows Ref
	// First are changes that the host makes to the response behind those in
	// Before and in front of all others, in the form of Kept with FlagSettled. In
	// the arena when the request is decided, where the host copies them from, and
	// that copy when a body has become too large.
	First   Ref
	Actions [MaxActions]Action
}

// Attribute is one value that the host read: text for string attributes, Int
// for numbers and booleans. Known is 0 when the host has no such value.
type Attribute struct {
	Text  Bytes
	Int   uint64
	Known uint64
}

// header is one of the frame's headers; i must be below NHeaders.
func (f *Frame) header(i uintptr) *Field {
	return (*Field)(unsafe.Add(unsafe.Pointer(f.Headers), i*unsafe.Sizeof(Field{})))
}
