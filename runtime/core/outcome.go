package core

import (
	"math/bits"
	"strings"
)

// outcomes finds the number of what decided a request by the text that names
// it in the frame. Those texts are constants, and the linker keeps a constant
// once: so the address usually tells. Where it does not, the text does.
type outcomes struct {
	names []string
	slots []slotOfName
	shift uint8
}

type slotOfName struct {
	at, len uintptr
	number  uint32
}

// spread is an odd number whose multiples spread well.
const spread = 0x9e3779b97f4a7c15

func newOutcomes(b *Bundle) outcomes {
	o := outcomes{names: append(append([]string{}, b.Outcomes...), b.Passes...)}
	width := bits.Len(uint(2*len(o.names) + 2))
	o.slots, o.shift = make([]slotOfName, 1<<width), uint8(64-width)
	for i, name := range o.names {
		o.put(name, i+1)
		if mark := len("moe."); b.Spec != nil && name != "" && name == strings.TrimPrefix(b.Spec.Details.Unmatched, "moe.") {
			o.put(b.Spec.Details.Unmatched[mark:], i+1) // as Pass has it
		}
	}
	return o
}

// put takes a place from the table, which is never more than half full.
func (o *outcomes) put(name string, number int) {
	key := ref(name)
	for i := o.home(key); ; i = (i + 1) % len(o.slots) {
		if o.slots[i].number == 0 {
			o.slots[i] = slotOfName{key.P, key.N, uint32(number)}
			return
		}
	}
}

func (o *outcomes) home(key Ref) int { return int(uint64(key.P) * spread >> o.shift) }

// number is 0 for a text that is no name of an outcome.
func (o *outcomes) number(key Ref) uint32 {
	if key.N == 0 || len(o.slots) == 0 {
		return 0
	}
	for i := o.home(key); o.slots[i].number != 0; i = (i + 1) % len(o.slots) {
		if s := &o.slots[i]; s.at == key.P && s.len == key.N {
			return s.number
		}
	}
	name := key.view()
	for i, n := range o.names {
		if n == name {
			return uint32(i + 1)
		}
	}
	return 0
}

// outcome is what decided a frame, for the host to count: the rule of an
// answer, the route of a request that goes on.
func (b *Bundle) outcome(f *Frame) uint32 {
	switch {
	case f.Verdict == VerdictReply:
		return b.outcomes.number(f.Details)
	case f.Phase == PhaseRequest:
		return b.outcomes.number(f.Label)
	}
	return 0
}

// Outcome is the full name of an outcome by its number in a frame, and whether
// it is an answer; "" for a number that is none.
func (b *Bundle) Outcome(number int) (name string, answer bool) {
	if number < 1 || number > len(b.outcomes.names) {
		return "", false
	}
	name = b.outcomes.names[number-1]
	if number > len(b.Outcomes) {
		return name, false
	}
	return strings.TrimPrefix(name, "moe."), true
}

// OutcomeNamed is the number of an answer by its full name, or 0.
func (b *Bundle) OutcomeNamed(name string) int {
	for i, n := range b.Outcomes {
		if n == "moe."+name {
			return i + 1
		}
	}
	return 0
}
