package contest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// pool makes a value.
type pool func(*rand.Rand) any

func one[T any](of ...T) pool {
	return func(r *rand.Rand) any { return of[r.IntN(len(of))] }
}

// words are the parts of a text that has blanks between them.
func words(s string) []string { return strings.Fields(s) }

// list takes between least and most different elements.
func list[T any](least, most int, of ...T) pool {
	return func(r *rand.Rand) any { return chosen(r, least, most, of) }
}

func chosen[T any](r *rand.Rand, least, most int, of []T) []T {
	out := make([]T, 0, most)
	for _, i := range r.Perm(len(of))[:least+r.IntN(most-least+1)] {
		out = append(out, of[i])
	}
	return out
}

func between(least, most int64) pool {
	return func(r *rand.Rand) any { return least + r.Int64N(most-least+1) }
}

// mostly is the first, and in one of n cases the second.
func mostly(n int, first, second pool) pool {
	return func(r *rand.Rand) any {
		if r.IntN(n) == 0 {
			return second(r)
		}
		return first(r)
	}
}

// table has some of the keys, each with a value of the pool.
func table[V any](least, most int, value pool, keys ...string) pool {
	return func(r *rand.Rand) any {
		m := map[string]V{}
		for _, k := range chosen(r, least, most, keys) {
			m[k] = value(r).(V)
		}
		return m
	}
}

// many is a list of what a pool makes.
func many[T any](least, most int, of pool) pool {
	return func(r *rand.Rand) any {
		out := make([]T, least+r.IntN(most-least+1))
		for i := range out {
			out[i] = of(r).(T)
		}
		return out
	}
}

func formatted(format string, of ...pool) pool {
	return func(r *rand.Rand) any {
		args := make([]any, len(of))
		for i, p := range of {
			args[i] = p(r)
		}
		return fmt.Sprintf(format, args...)
	}
}

func moment(from string, within time.Duration) pool {
	t, err := time.Parse(time.RFC3339, from)
	return func(r *rand.Rand) any {
		if err != nil {
			panic(err)
		}
		return t.Add(time.Duration(r.Int64N(int64(within)))).UTC()
	}
}

// text is a value of a pool as text, for a header, a name or the like.
func text(p pool, r *rand.Rand) string { return fmt.Sprint(p(r)) }
