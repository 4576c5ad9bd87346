package limit

import (
	"math/bits"
	"sync/atomic"
)

// slot is one bucket and its key: half a cache line.
//
// The word says what the slot is. With the highest bit set it is live: the rest
// is the bucket's state, and the key stands still for as long as the word does.
// Otherwise:
//
//	free       it has never had a key, and searches end here
//	left       it has none any more; searches go on
//	claimed    one worker writes its key
//	pending n  its key can be read; whether it is the only slot of that key is
//	           not yet settled. n is never used twice.
//
// INVARIANT: who acts on a live word reads the word, then the key, then changes
// the word by compare and swap: a slot that has got another key has had another
// word in between, and an instant never comes back, for time does not.
type slot struct {
	hi, lo atomic.Uint64
	word   atomic.Uint64
	// era is when the word was last written, in units of 2^61 of the scale's.
	// It is raised before the word is written, so that whoever reads the word
	// first and the era second never takes a new word for an old one.
	era atomic.Uint64
}

const (
	free    uint64 = 0
	left    uint64 = 1
	claimed uint64 = 2
	pending uint64 = 4 // plus a number, times 8
)

func isLive(w uint64) bool    { return w&live != 0 }
func isPending(w uint64) bool { return w&live == 0 && w&pending != 0 }

// window is how far from its home a key may lie. The table is at most half
// full: then one key of 200,000 finds no room in a window of this size, and
// goes to the overflow bucket. At the highest number of keys some 32 buckets of
// a window are asked whether they are idle.
const window = 64

const slotBytes = 32

// table holds buckets by key. A search reads from the key's home on until it
// finds the key or a slot that was never used.
//
// INVARIANT: a slot that was once in use is never free again. So searches that
// found a key go on finding it while it is there, and of two slots of one key
// both are seen by whoever looks through the window.
type table struct {
	slots  []slot
	keys   int64
	counts bool // words are numbers of held requests and not instants

	_          [64]byte // what changes with new keys is not on the line that hits read
	overflow   slot
	used       atomic.Int64 // keys, and for a moment those that are being added
	numbers    atomic.Uint64
	evicted    atomic.Uint64
	overflowed atomic.Uint64
	// floor is the latest clock at which a bucket was thrown out. New buckets
	// are not full before it: a worker that read its clock earlier must not
	// find a bucket filled again that was not full yet at its time.
	floor atomic.Int64
}

func tableSlots(keys int) int { return max(2*keys, window) }

func tableBytes(keys int) int { return tableSlots(keys) * slotBytes }

func (t *table) init(keys int, counts bool) {
	t.slots = make([]slot, tableSlots(keys))
	t.keys, t.counts = int64(keys), counts
	t.overflow.word.Store(live)
}

// chain is where a key may lie: window slots from its home on, the first slot
// after the last one.
type chain struct {
	slots []slot
	home  int
}

func (t *table) chain(k Key) chain {
	home, _ := bits.Mul64(k.lo, uint64(len(t.slots)))
	return chain{t.slots, int(home)}
}

func (c chain) at(i int) *slot {
	if i += c.home; i >= len(c.slots) {
		i -= len(c.slots)
	}
	return &c.slots[i]
}

func (s *slot) has(k Key) bool { return s.hi.Load() == k.hi && s.lo.Load() == k.lo }

// find is the slot of a key; nil if it has none yet, or none that is settled.
func (t *table) find(k Key) *slot {
	c := t.chain(k)
	for i := range window {
		s := c.at(i)
		switch s.hi.Load() {
		case k.hi:
			if s.lo.Load() == k.lo && isLive(s.word.Load()) {
				return s
			}
		case 0:
			if s.word.Load() == free {
				return nil
			}
		}
	}
	return nil
}

// obtain is the slot of a key, a new one if it has none, and the overflow
// bucket if there is no room for one. Some worker always gets on, whichever
// stands still.
func (t *table) obtain(l *Limiter, k Key, now int64) *slot {
	for {
		c := t.chain(k)
		s, word := t.known(c, k)
		if s != nil && isLive(word) {
			return s
		}
		if s == nil {
			if s = t.claim(l, c, now); s == nil {
				t.overflowed.Add(1)
				return &t.overflow
			}
			s.hi.Store(k.hi)
			s.lo.Store(k.lo)
			if !t.counts {
				raise(&s.era, t.idle(l, now).era)
			}
			word = pending | t.numbers.Add(1)<<3
			s.word.Store(word)
		}
		t.settle(l, c, s, word, k, now)
	}
}

// known is the first slot of a key that is live or pending, with its word.
func (t *table) known(c chain, k Key) (*slot, uint64) {
	for i := range window {
		s := c.at(i)
		w := s.word.Load()
		if w == free {
			break
		}
		if (isLive(w) || isPending(w)) && s.has(k) && s.word.Load() == w {
			return s, w
		}
	}
	return nil, 0
}

// settle makes a pending slot live if it is the only one of its key, and gives
// it up if another one is live or comes first. Any worker may do it for any
// other.
//
// Of two workers that made one each, the one that looked last saw both, because
// each shows its own before it looks. It gives up its own, or takes the other's
// away while it is pending; what was live before that stays.
func (t *table) settle(l *Limiter, c chain, s *slot, word uint64, k Key, now int64) {
	first := true // s has not been passed yet
	for i := range window {
		o := c.at(i)
		if o == s {
			first = false
			continue
		}
		w := o.word.Load()
		if w == free {
			break
		}
		if !isLive(w) && !isPending(w) || !o.has(k) {
			continue
		}
		if isPending(w) && !first && t.giveUp(o, w) {
			continue
		}
		// It is live, or it comes first, or it has just changed: look again.
		t.giveUp(s, word)
		return
	}
	full := t.idle(l, now)
	if full.era > s.era.Load()+1 && !t.counts {
		t.giveUp(s, word) // who claimed it has slept for long: its era is no longer true
		return
	}
	s.word.CompareAndSwap(word, live|full.units)
}

func (t *table) giveUp(s *slot, word uint64) bool {
	if !s.word.CompareAndSwap(word, left) {
		return false
	}
	t.used.Add(-1)
	return true
}

// idle is the moment from which on a new bucket is full; of held requests, 0.
func (t *table) idle(l *Limiter, now int64) moment {
	if t.counts {
		return moment{}
	}
	return l.scale.at(max(now, t.floor.Load()))
}

// claim takes a slot for a new key. When there are as many keys as the limiter
// may have, a bucket that is full and idle makes room, if one lies in the
// window: it is no different from a new one, so nothing is lost.
func (t *table) claim(l *Limiter, c chain, now int64) *slot {
	for {
		// end is where searches end, room the first slot before it, or at it,
		// that has no key.
		end, room := window, -1
		var was uint64
		for i := range window {
			w := c.at(i).word.Load()
			if room < 0 && (w == left || w == free) {
				room, was = i, w
			}
			if w == free {
				end = i
				break
			}
		}
		if room >= 0 {
			if t.used.Add(1) <= t.keys {
				if s := c.at(room); s.word.CompareAndSwap(was, claimed) {
					return s
				}
				t.used.Add(-1)
				continue
			}
			t.used.Add(-1)
		}
		i, w := t.idleIn(l, c, now)
		if i < 0 {
			return nil
		}
		s := c.at(i)
		if i < end {
			if s.word.CompareAndSwap(w, claimed) {
				t.evicted.Add(1)
				return s
			}
		} else if s.word.CompareAndSwap(w, left) { // searches would not come here: the room is elsewhere
			t.evicted.Add(1)
			t.used.Add(-1)
		}
	}
}

// idleIn finds a bucket that is full and idle, and its word; -1 if there is
// none.
func (t *table) idleIn(l *Limiter, c chain, now int64) (int, uint64) {
	var m moment
	if !t.counts {
		m = l.scale.at(now)
	}
	for i := range window {
		s := c.at(i)
		w := s.word.Load()
		switch {
		case !isLive(w):
		case t.counts:
			if w == live {
				return i, w
			}
		case m.missing(w, s.era.Load()) == 0:
			raiseClock(&t.floor, now)
			return i, w
		}
	}
	return -1, 0
}

// raise sets a number that only grows.
func raise(at *atomic.Uint64, to uint64) {
	for {
		if was := at.Load(); was >= to || at.CompareAndSwap(was, to) {
			return
		}
	}
}

func raiseClock(at *atomic.Int64, to int64) {
	for {
		if was := at.Load(); was >= to || at.CompareAndSwap(was, to) {
			return
		}
	}
}
