package core

import (
	"math"
	"math/rand/v2"
)

// Split shares requests out between clusters. It is immutable.
//
// Which cluster a text sticks to depends on the text, the clusters' names and
// their shares alone: it is the same for all workers, processes and times. Each
// cluster waits for a time that text and name decide, exponentially distributed
// and divided by its share; the first wins. So each wins as often as its share
// says, and a cluster that is added takes texts from the others without moving
// any between those whose shares keep their proportion.
type Split struct {
	names   []string
	seeds   []uint64
	percent []float64
}

// NewSplit makes a split of clusters with their shares in percent, none 0,
// which sum to 100.
func NewSplit(names []string, percent []int) *Split {
	s := &Split{names: names}
	for i, name := range names {
		s.seeds = append(s.seeds, mix(hash(name)))
		s.percent = append(s.percent, float64(percent[i]))
	}
	return s
}

// Chance picks a cluster for requests that stick to none. It is nil in a
// library, where it is random; the program that serves tests sets it.
var Chance func(names []string) int

// Split picks a cluster: the one that a text sticks to, or a random one for "".
func (r *Request) Split(s *Split, sticky string) string {
	if sticky != "" {
		return s.names[s.stuck(sticky)]
	}
	if Chance != nil {
		return s.names[Chance(s.names)]
	}
	left := float64(rand.IntN(100))
	for i, share := range s.percent {
		if left < share {
			return s.names[i]
		}
		left -= share
	}
	return s.names[0] // not reached: the shares sum to 100
}

func (s *Split) stuck(sticky string) int {
	h := hash(sticky)
	best, first := 0, math.Inf(1)
	for i, seed := range s.seeds {
		uniform := (float64(mix(h^seed)>>11) + 0.5) / (1 << 53)
		if wait := -math.Log(uniform) / s.percent[i]; wait < first {
			best, first = i, wait
		}
	}
	return best
}

// hash is FNV-1a.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// mix is the finaliser of SplitMix64: FNV alone leaves texts that differ at
// their end close to each other.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
