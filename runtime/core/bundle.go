package core

import "sync"

// Bundle is what a compiled bundle hands to the host: its decisions and what
// they need to be given. Generated code fills it in; it is never written again.
type Bundle struct {
	Name   string
	Digest string // hex SHA-256 of the policy
	// Attributes are the host attributes that the bundle reads; the frame
	// carries them in this order.
	Attributes []AttributeID
	// NeedsNow asks for the wall clock in every frame.
	NeedsNow bool
	// NeedsClock asks for the monotonic clock in the frame of a request.
	NeedsClock bool
	// Spec is what the bundle needs to know of every request.
	Spec *Spec
	// Request decides a request: exactly one verdict is in the frame when it
	// returns.
	Request func(*Frame)
	// Response applies the response rules of the frame's route; nil if the
	// bundle has none.
	Response func(*Frame)
	// TooLarge answers a request that had gone on when its body became larger than
	// Frame.MaxBody; nil if the bundle sets no bound.
	TooLarge func(*Frame)
	// Keeps says that requests leave the host something that their answers need:
	// Frame.Kept and Frame.First.
	Keeps bool
	// Rules are the full names of the rules, by the number that a request
	// keeps while it works on one (see Request.At).
	Rules []string
	// Load makes what the bundle's requests share and the process keeps; nil if
	// nothing. See Ready.
	Load func() error
	// Outcomes are the names of all that can answer a request, as Details has
	// them, and Passes those of the routes that let requests go on, as Label has
	// them. A frame says which it was by the number in the one list behind the
	// other, from 1 on.
	Outcomes, Passes []string
	// Shadows are the numbers, in Rules, of the rules in shadow.
	Shadows []int
	// Files are what the bundle reads from files; nil if nothing.
	Files *Files
	// Decisions says which decisions are recorded.
	Decisions Decisions

	outcomes outcomes
	ready    sync.Once
	failed   error // of Load
}

// Ready has to be called before the first request of a bundle, and may be
// called again. An error says why the bundle cannot serve any.
func (b *Bundle) Ready() error {
	b.ready.Do(func() {
		if b.Load != nil {
			b.failed = b.Load()
		}
	})
	return b.failed
}

// AttributeID names a host attribute. The numbers are those of Envoy's dynamic
// modules ABI (envoy_dynamic_module_type_attribute_id), so that its host needs
// no table; another host maps them.
type AttributeID uint32

// The attributes that a policy can read, all known to Envoy 1.38 unless said.
const (
	AttrProtocol           AttributeID = 10
	AttrRequestID          AttributeID = 9
	AttrSourceAddress      AttributeID = 24
	AttrSourcePort         AttributeID = 25
	AttrDestinationAddress AttributeID = 26
	AttrDestinationPort    AttributeID = 27
	AttrMTLS               AttributeID = 29
	AttrServerName         AttributeID = 30 // from 1.39
	AttrTLSVersion         AttributeID = 31
	AttrSubjectPeer        AttributeID = 33
	AttrDNSSANPeer         AttributeID = 35
	AttrURISANPeer         AttributeID = 37
	AttrSHA256Peer         AttributeID = 38
	AttrRouteName          AttributeID = 61
)

// AttributeKind says in which field of Attribute a value arrives.
type AttributeKind uint8

// The kinds.
const (
	KindText AttributeKind = iota
	KindInt
	KindBool
)

// Kind returns the kind of an attribute.
func (a AttributeID) Kind() AttributeKind {
	switch a {
	case AttrSourcePort, AttrDestinationPort:
		return KindInt
	case AttrMTLS:
		return KindBool
	default:
		return KindText
	}
}

// bundles is filled by generated init functions, before the host can call.
var bundles []*Bundle

// Register adds the bundles of this library. It is called once, from the
// generated main package's init.
func Register(all ...*Bundle) {
	for _, b := range all {
		b.outcomes = newOutcomes(b)
	}
	bundles = append(bundles, all...)
}

// Bundles returns the registered bundles. The slice must not be changed.
func Bundles() []*Bundle { return bundles }

// Find returns the number and the bundle of a name, or -1 and nil.
func Find(name string) (int, *Bundle) {
	for i, b := range bundles {
		if b.Name == name {
			return i, b
		}
	}
	return -1, nil
}
