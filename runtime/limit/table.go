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
// goes to the overflow bucket.
const window = 64

const slotBytes = 32

// table holds buckets by key. A search reads from the key's home on until it
// finds the key or a slot that was never used.
//
// INVARIANT: a slot that was once in use is never free again. So all that lies
// between a key's home and its slot stays so, and of two slots of one key both
// are seen by whoever looks through the window.
type table struct {
	slots  []slot
	homes  uint64
	keys   int64
	counts bool // words are numbers of held requests and not instants

	_          [64]byte // what changes with new keys is not on the line that hits read
	overflow   slot
	used       atomic.Int64 // slots that are not free
	numbers    atomic.Uint64
	evicted    atomic.Uint64
	overflowed atomic.Uint64
	// floor is the latest clock at which a bucket was thrown out. New buckets
	// are not full before it: a worker that read its clock earlier must not
	// find a bucket filled again that was not full yet at its time.
	floor atomic.Int64
}

func tableBytes(keys int) int { return (2*keys + window) * slotBytes }

func (t *table) init(keys int, counts bool) {
	t.slots = make([]slot, 2*keys+window)
	t.homes, t.keys, t.counts = uint64(2*keys), int64(keys), counts
	t.overflow.word.Store(live)
}

// chain is where a key may lie.
func (t *table) chain(k Key) []slot {
	home, _ := bits.Mul64(k.lo, t.homes)
	return t.slots[home : home+window]
}

func (s *slot) has(k Key) bool { return s.hi.Load() == k.hi && s.lo.Load() == k.lo }

// find is the slot of a key; nil if it has none yet, or none that is settled.
func (t *table) find(k Key) *slot {
	chain := t.chain(k)
	for i := range chain {
		s := &chain[i]
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
		chain := t.chain(k)
		s, word := t.known(chain, k)
		if s != nil && isLive(word) {
			return s
		}
		if s == nil {
			if s = t.claim(l, chain, now); s == nil {
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
		t.settle(l, chain, s, word, k, now)
	}
}

// known is the first slot of a key that is live or pending, with its word.
func (t *table) known(chain []slot, k Key) (*slot, uint64) {
	for i := range chain {
		s := &chain[i]
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
func (t *table) settle(l *Limiter, chain []slot, s *slot, word uint64, k Key, now int64) {
	first := true // s has not been passed yet
	for i := range chain {
		o := &chain[i]
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
		if isPending(w) && !first && o.word.CompareAndSwap(w, left) {
			continue
		}
		// It is live, or it comes first, or it has just changed: look again.
		s.word.CompareAndSwap(word, left)
		return
	}
	full := t.idle(l, now)
	if full.era > s.era.Load()+1 && !t.counts {
		s.word.CompareAndSwap(word, left) // who claimed it has slept for long: its era is no longer true
		return
	}
	s.word.CompareAndSwap(word, live|full.units)
}

// idle is the moment from which on a new bucket is full; of held requests, 0.
func (t *table) idle(l *Limiter, now int64) moment {
	if t.counts {
		return moment{}
	}
	return l.scale.at(max(now, t.floor.Load()))
}

// claim takes a slot for a new key: one that was left, a free one as long as
// there are fewer than the limiter may have, or one whose bucket is full and
// idle. A full bucket is no different from a new one, so nothing is lost.
func (t *table) claim(l *Limiter, chain []slot, now int64) *slot {
	end := len(chain)
search:
	for i := range chain {
		s := &chain[i]
		switch s.word.Load() {
		case left:
			if s.word.CompareAndSwap(left, claimed) {
				return s
			}
		case free:
			if t.used.Add(1) > t.keys {
				t.used.Add(-1)
				end = i
				break search
			}
			if s.word.CompareAndSwap(free, claimed) {
				return s
			}
			t.used.Add(-1)
		}
	}
	var m moment
	if !t.counts {
		m = l.scale.at(now)
	}
	for i := range chain[:end] {
		s := &chain[i]
		w := s.word.Load()
		if !isLive(w) {
			continue
		}
		if t.counts {
			if w != live {
				continue
			}
		} else {
			if m.missing(w, s.era.Load()) != 0 {
				continue
			}
			raiseClock(&t.floor, now)
		}
		if s.word.CompareAndSwap(w, claimed) {
			t.evicted.Add(1)
			return s
		}
	}
	return nil
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
