package limit

import (
	"math/bits"

	"moec.dev/moec/runtime/core"
)

// undo gives back what commit has taken, because another limit of the same step
// refused after all.
func (r *Request) undo() {
	l := r.Limiter
	if l.holds != nil {
		Release(r.Held)
		r.Held = 0
		r.state--
		return
	}
	if r.before == r.after {
		return
	}
	price := uint64(r.Cost) * r.rate.token
	r.state -= price
	m := l.scale.at(r.now)
	back := r.before
	if r.aged { // the word before could be taken for one of this era
		back = live | (m.units + l.scale.units(r.state, &r.rate))
	}
	s := r.slot
	if s.word.CompareAndSwap(r.after, back) {
		return
	}
	// Others have taken tokens since. Had they found the bucket without this
	// request it would have been nearer to full, and where it then is full it
	// gains no more: of what is given back, as much may be lost to that as the
	// bucket gains in the time since. That time covers the same loss of requests
	// that are being given back meanwhile, whatever the order.
	taken := (r.after - live - m.units - l.scale.units(r.state, &r.rate)) &^ live
	if core.Clock == nil {
		return
	}
	late := l.scale.at(core.Clock())
	hi, lost := bits.Mul64(late.tick-m.tick, l.scale.perTick)
	if late.tick < m.tick || hi != 0 || lost >= taken {
		return
	}
	for {
		w := s.word.Load()
		if s != &l.table.overflow && (!isLive(w) || !s.has(r.Key)) {
			return // it was full again, and another key has the slot
		}
		if s.word.CompareAndSwap(w, live|(w-(taken-lost))) {
			return
		}
	}
}
