package core

import "unsafe"

// The header fields of draft-ietf-httpapi-ratelimit-headers: lists, to which
// each limit that is announced adds a member.
const (
	PolicyField = "ratelimit-policy"
	StateField  = "ratelimit"
)

// AnnounceSize is how many bytes the announcements of one request may take in
// the record of its stream. The host has that much room beside KeptSize
// (MOE_ANNOUNCE_SIZE in runtime/host/dynmod, held equal by a test).
const AnnounceSize = 1 << 10

// Announce adds members to what whatever answer the request gets will say of
// its limits: which there are, and how they stand. The texts lie in the arena.
func (r *Request) Announce(policy, state string) {
	if policy == "" {
		return
	}
	if r.policies != "" {
		policy = r.Concat3(r.policies, ", ", policy)
		state = r.Concat3(r.states, ", ", state)
	}
	r.policies, r.states = policy, state
}

// AnnounceOwn says it on an answer of our own, before its response rules.
func (r *Request) AnnounceOwn() {
	if r.Replied() && r.policies != "" {
		r.push(OpAdd, PolicyField, r.policies)
		r.push(OpAdd, StateField, r.states)
	}
}

// announceLater leaves it with the host, for the answer to a request that goes
// on.
//
// INVARIANT: the compiler refuses what could be more than AnnounceSize.
func (r *Request) announceLater() {
	if r.f.Verdict != VerdictContinue || r.policies == "" {
		return
	}
	out := r.Room(2*aheadHeadSize + len(PolicyField) + len(r.policies) + len(StateField) + len(r.states))
	if len(out) > AnnounceSize {
		panic("core: a request announces too much")
	}
	if out != nil {
		rest := out
		rest = rest[putAhead(rest, OpAdd, PolicyField, r.policies):]
		putAhead(rest, OpAdd, StateField, r.states)
		r.f.First = ref(text(out))
	}
}

// putAhead writes a change that the host makes later.
func putAhead(out []byte, op Op, name, value string) int {
	head := aheadHead{op: uint32(op), key: uint32(len(name)), value: uint32(len(value))}
	n := copy(out, unsafe.Slice((*byte)(unsafe.Pointer(&head)), aheadHeadSize))
	n += copy(out[n:], name)
	return n + copy(out[n:], value)
}

// takeAhead reads the first of such changes; false where it makes no sense.
func takeAhead(in string) (op Op, name, value, rest string, ok bool) {
	var head aheadHead
	n := copy(unsafe.Slice((*byte)(unsafe.Pointer(&head)), aheadHeadSize), in)
	if in = in[n:]; n < aheadHeadSize || uint64(head.key)+uint64(head.value) > uint64(len(in)) {
		return 0, "", "", "", false
	}
	value = in[head.key : head.key+head.value]
	return Op(head.op), in[:head.key], value, in[head.key+head.value:], true
}

// announceCut puts on our own answer to a request that had gone on what was
// left with the host for the upstream's.
func (r *Request) announceCut() {
	for in := r.f.First.view(); in != ""; {
		op, name, value, rest, ok := takeAhead(in)
		if in = rest; !ok || op != OpAdd {
			r.Undecided()
			return
		}
		r.push(OpAdd, r.Copy(name), r.Copy(value))
	}
}
