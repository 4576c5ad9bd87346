package limit

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
	// The bucket was as far from full as it is now without this request's tokens.
	was := live | m.units + l.scale.units(r.state, &r.rate)
	back := r.before
	if r.aged {
		back = was // the word before could be taken for one of this era
	}
	s := r.slot
	if s.word.CompareAndSwap(r.after, back) {
		return
	}
	// Others have taken tokens since. Had they found the bucket without this
	// request, it would have been nearer to full, but no nearer than it can get
	// in the time between then and now: so much is not given back, because it
	// may have been lost to the bound at full.
	late := l.scale.at(Now())
	for {
		w := s.word.Load()
		if s != &l.table.overflow && (!isLive(w) || !s.has(r.Key)) {
			return // it was full again, and another key has the slot
		}
		taken := (r.after - was) &^ live
		lost := late.since(was)
		if lost >= taken || late.tick < m.tick {
			return
		}
		if s.word.CompareAndSwap(w, live|w-(taken-lost)) {
			return
		}
	}
}

// since is how many units before a moment an instant lies, 0 if it is not past.
func (m moment) since(instant uint64) uint64 {
	d := int64((m.units-instant)<<1) >> 1
	return uint64(max(d, 0))
}
