package eval

// Class is a set of bytes. It must not change once it is made.
type Class [256]bool

// NewClass makes a class of ranges, two bytes each: "09af" has the digits and
// the letters from a to f.
func NewClass(ranges string) *Class {
	c := &Class{}
	for i := 0; i+1 < len(ranges); i += 2 {
		for b := int(ranges[i]); b <= int(ranges[i+1]); b++ {
			c[b] = true
		}
	}
	return c
}

// Run is how many of the first bytes of s, but no more than most, are in c.
func (c *Class) Run(s string, most int) int {
	n := 0
	for most = min(most, len(s)); n < most && c[s[n]]; n++ {
	}
	return n
}
