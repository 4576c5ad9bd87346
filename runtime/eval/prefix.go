package eval

import "math/bits"

// prefixTree finds the block that an address lies in by the address's bytes, one
// a step: at most 4 steps for IPv4 and 16 for IPv6, however many blocks there
// are. The zero tree has no block.
type prefixTree []prefixNode

// prefixNode says of each next byte whether the address is in a block by then,
// and which node goes on.
type prefixNode struct {
	inside [4]uint64 // a bit a byte: the address is in
	onward [4]uint64 // a bit a byte: a longer block begins so
	first  uint32    // the place of the first node that goes on, the others follow
	before [4]uint8  // the bits of onward in the words before this one
}

// has reports whether an address lies in one of the blocks; its bits begin at
// the high end of high.
func (t prefixTree) has(high, low uint64) bool {
	for at := uint32(0); at < uint32(len(t)); {
		n := &t[at]
		word, bit := high>>62, uint64(1)<<(high>>56&63)
		if n.inside[word]&bit != 0 {
			return true
		}
		if n.onward[word]&bit == 0 {
			return false
		}
		at = n.first + uint32(n.before[word]) + uint32(bits.OnesCount64(n.onward[word]&(bit-1)))
		high, low = high<<8|low>>56, low<<8
	}
	return false
}

// seedling is a prefixNode while the tree grows.
type seedling struct {
	inside [4]uint64
	onward map[uint8]*seedling
}

// growTree builds the tree of the blocks whose addresses have so many bits.
func growTree(blocks []CIDR, width uint8) prefixTree {
	root := &seedling{}
	for _, c := range blocks {
		if c.ip.bits == width {
			root.plant(c)
		}
	}
	if root.onward == nil && root.inside == [4]uint64{} {
		return nil
	}
	// Nodes are laid out level by level, so that those of one parent lie together.
	level := []*seedling{root}
	tree := prefixTree{{}}
	for at := 0; at < len(level); at++ {
		s := level[at]
		n := prefixNode{inside: s.inside, first: uint32(len(tree))}
		total := uint8(0)
		for b := range 256 {
			if b&63 == 0 {
				n.before[b>>6] = total
			}
			// What lies inside of a shorter block needs no node.
			next := s.onward[uint8(b)]
			if next == nil || s.inside[b>>6]>>(b&63)&1 != 0 {
				continue
			}
			n.onward[b>>6] |= 1 << (b & 63)
			total++
			level, tree = append(level, next), append(tree, prefixNode{})
		}
		tree[at] = n
	}
	return tree
}

// plant adds one block.
func (s *seedling) plant(c CIDR) {
	high, low := c.ip.high, c.ip.low
	if c.ip.bits == 32 {
		high, low = low<<32, 0
	}
	left := c.length
	for ; left > 8; left -= 8 {
		b := uint8(high >> 56)
		if s.onward == nil {
			s.onward = map[uint8]*seedling{}
		}
		if s.onward[b] == nil {
			s.onward[b] = &seedling{}
		}
		s = s.onward[b]
		high, low = high<<8|low>>56, low<<8
	}
	// The last bits of the prefix leave a run of bytes open.
	run := 1 << (8 - left)
	start := int(high>>56) &^ (run - 1)
	for b := start; b < start+run; b++ {
		s.inside[b>>6] |= 1 << (b & 63)
	}
}
