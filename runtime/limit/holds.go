package limit

import (
	"sync"
	"sync/atomic"
)

// holds are the requests that a concurrency limiter lets through and that have
// not ended. Each has a place here, so that its handle says which one it is: a
// handle that is given back twice finds that its place has moved on.
type holds struct {
	number uint64 // of the limiter among those with holds
	places []hold
	// top is the first place that is not taken, plus 1, with a number in the
	// upper half that makes each of its values new.
	_   [64]byte
	top atomic.Uint64
	_   [56]byte
}

// hold is one place. While it is taken, turn is odd, and grows at both ends.
type hold struct {
	slot atomic.Pointer[slot]
	turn atomic.Uint32
	next atomic.Uint32 // the next place that is not taken, plus 1
}

// A handle is the limiter's number, the place and its turn: 12, 20 and 32 bits.
const (
	maxHolders = 1 << 12
	placeBits  = 20
	turnBits   = 32
)

func holdBytes(held int) int { return held * 16 }

// holders are all limiters that hold requests, by number. They are never
// removed, like the limiters.
var holders struct {
	sync.Mutex
	made [maxHolders]atomic.Pointer[holds]
	n    int
}

// newHolds returns nil when the process has as many as it can have.
func newHolds(held int) *holds {
	holders.Lock()
	defer holders.Unlock()
	if holders.n == maxHolders {
		return nil
	}
	h := &holds{number: uint64(holders.n), places: make([]hold, held)}
	for i := range h.places[:held-1] {
		h.places[i].next.Store(uint32(i + 2))
	}
	h.top.Store(1)
	holders.made[holders.n].Store(h)
	holders.n++
	return h
}

// take returns a place, plus 1; 0 if there is none.
func (h *holds) take() uint32 {
	for {
		top := h.top.Load()
		at := uint32(top)
		if at == 0 {
			return 0
		}
		if h.top.CompareAndSwap(top, (top>>32+1)<<32|uint64(h.places[at-1].next.Load())) {
			return at
		}
	}
}

// give puts a place back.
func (h *holds) give(at uint32) {
	for {
		top := h.top.Load()
		h.places[at-1].next.Store(uint32(top))
		if h.top.CompareAndSwap(top, (top>>32+1)<<32|uint64(at)) {
			return
		}
	}
}

// hold is commit for a concurrency.
func (r *Request) hold(now int64) bool {
	l := r.Limiter
	most := uint64(l.params.Concurrency)
	at := uint32(0)
	s := r.slot
	for {
		if s == nil {
			s = l.table.obtain(l, r.Key, now)
		}
		r.slot = s
		w := s.word.Load()
		if s != &l.table.overflow && (!isLive(w) || !s.has(r.Key)) {
			s = nil
			continue
		}
		r.state = w &^ live
		if r.state >= most {
			if s.word.Load() != w {
				continue
			}
			if at != 0 {
				l.holds.give(at)
			}
			return r.refuse(Limited, Unknown)
		}
		if at == 0 {
			if at = l.holds.take(); at == 0 {
				l.starved.Add(1)
				r.starved = true
				return r.refuse(Limited, Unknown)
			}
		}
		if s.word.CompareAndSwap(w, w+1) {
			break
		}
	}
	r.state++
	place := &l.holds.places[at-1]
	place.slot.Store(s)
	r.Held = l.holds.number<<(placeBits+turnBits) | uint64(at-1)<<turnBits | uint64(place.turn.Add(1))
	return true
}

// Release ends what Take has let through: Held of one request. Every way in
// which a stream can end has to come here. It may be called by any worker, also
// when no configuration has the limiter any more. 0, and a handle that was
// released before, do nothing.
//
// INVARIANT: a slot that holds requests is never thrown out, so the place's
// slot is still that of the key.
func Release(handle uint64) {
	h := holders.made[handle>>(placeBits+turnBits)].Load()
	turn, at := uint32(handle), handle>>turnBits&(1<<placeBits-1)
	if h == nil || turn&1 == 0 || at >= uint64(len(h.places)) {
		return
	}
	place := &h.places[at]
	s := place.slot.Load()
	if !place.turn.CompareAndSwap(turn, turn+1) {
		return
	}
	s.word.Add(^uint64(0))
	h.give(uint32(at) + 1)
}
