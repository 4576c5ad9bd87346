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

func isLive(w uint64) bool { return w&live != 0 }

// window is how far from its home a key may lie. The table is at most half
// full: then one key of 200,000 finds no room in a window of this size, and
// goes to the overflow bucket.
const window = 64

// reach is how many slots are searched for an idle bucket, on behalf of one new
// key: some 128 buckets, in about a microsecond. A new key finds none where fewer
// than one bucket in 100 is idle, with one chance in four; in tables of up to
// 128 keys all buckets are asked.
const reach = 256

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
	hand  atomic.Int64 // the slot at which the next search for an idle bucket begins
}

func tableSlots(keys int) int { return max(2*keys, window) }

// tableBytes counts in pages, as memory is given out.
func tableBytes(keys int) int { return (tableSlots(keys)*slotBytes + 8191) &^ 8191 }

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
	return chain{t.slots, int(home &^ 1)} // the first slot of a line of the cache
}

func (c chain) at(i int) *slot {
	if i += c.home; i >= len(c.slots) {
		i -= len(c.slots)
	}
	return &c.slots[i]
}

func (s *slot) has(k Key) bool { return s.hi.Load() == k.hi && s.lo.Load() == k.lo }

// known is the first slot of a key that is live or pending, with its word. The
// key was read after the word, so that it is that of the word if a later
// compare and swap finds the word unchanged.
func (c chain) known(k Key) (*slot, uint64) {
	for i := range window {
		s := c.at(i)
		switch s.hi.Load() {
		case k.hi:
			if w := s.word.Load(); w&(live|pending) != 0 && s.has(k) {
				return s, w
			}
		case 0:
			if s.word.Load() == free {
				return nil, 0
			}
		}
	}
	return nil, 0
}

// find is the slot of a key; nil if it has none yet, or none that is settled.
func (t *table) find(k Key) *slot {
	if s, w := t.chain(k).known(k); s != nil && isLive(w) {
		return s
	}
	return nil
}

// obtain is the slot of a key, a new one if it has none, and the overflow
// bucket if there is no room for one. Some worker always gets on, whichever
// stands still.
func (t *table) obtain(l *Limiter, k Key, now int64) *slot {
	for {
		c := t.chain(k)
		s, word := c.known(k)
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
		if hi := o.hi.Load(); hi == 0 && o.word.Load() == free {
			break
		} else if hi != k.hi {
			continue
		}
		w := o.word.Load()
		if w&(live|pending) == 0 || !o.has(k) {
			continue
		}
		if !isLive(w) && !first && t.giveUp(o, w) {
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

// claim takes the slot for a new key that is nearest to its home; nil if there
// is none. When there are as many keys as the limiter may have, a bucket that
// is full and idle makes room first: it is no different from a new one, so
// nothing is lost.
func (t *table) claim(l *Limiter, c chain, now int64) *slot {
	for {
		if t.used.Add(1) > t.keys {
			t.used.Add(-1)
			if !t.evict(l, int(t.hand.Load()), reach, now) {
				return nil
			}
			continue
		}
		s, was := c.room()
		if s != nil && s.word.CompareAndSwap(was, claimed) {
			return s
		}
		t.used.Add(-1)
		if s == nil && !t.evict(l, c.home, window, now) {
			return nil
		}
	}
}

// room is the first slot without a key, and its word; nil if there is none.
func (c chain) room() (*slot, uint64) {
	for i := range window {
		s := c.at(i)
		if w := s.word.Load(); w == left || w == free {
			return s, w
		}
	}
	return nil, 0
}

// evict looks at some slots for a bucket that is full and idle, and throws it
// out; false if there is none. The next search for any new key goes on where
// this one has ended, so that all slots are asked in turn.
func (t *table) evict(l *Limiter, from, slots int, now int64) bool {
	var m moment
	if !t.counts {
		m = l.scale.at(now)
	}
	at := chain{t.slots, from}
	for i := range min(slots, len(t.slots)) {
		s := at.at(i)
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
		if s.word.CompareAndSwap(w, left) {
			t.used.Add(-1)
			t.evicted.Add(1)
			t.hand.Store(int64((from + i + 1) % len(t.slots)))
			return true
		}
	}
	t.hand.Store(int64((from + slots) % len(t.slots)))
	return false
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
