package eval

// HasAll is l.hasAll(m) and sets.contains(l, m): every element of m is in l.
func HasAll[T any](l, m []T, equal func(a, b T) bool) bool {
	for i := range m {
		if !Contains(l, m[i], equal) {
			return false
		}
	}
	return true
}

// HasOnly is l.hasOnly(m): every element of l is in m.
func HasOnly[T any](l, m []T, equal func(a, b T) bool) bool { return HasAll(m, l, equal) }

// HasAny is l.hasAny(m) and sets.intersects(l, m): some element is in both.
func HasAny[T any](l, m []T, equal func(a, b T) bool) bool {
	for i := range l {
		if Contains(m, l[i], equal) {
			return true
		}
	}
	return false
}

// HasExactly is l.hasExactly(m) and sets.equivalent(l, m): what is in one is in
// the other, however often.
func HasExactly[T any](l, m []T, equal func(a, b T) bool) bool {
	return HasAll(l, m, equal) && HasAll(m, l, equal)
}
