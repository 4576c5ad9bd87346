package resolve

// What a limit's tables take, in bytes, all of them reserved when the library
// is loaded; the system provides them as they are first used.
//
// INVARIANT: these are the runtime's; a test compares them.
const (
	limiterBytes = 1024
	slotBytes    = 32
	fewestSlots  = 64
	holdBytes    = 16
	holds        = 1 << 16
	page         = 8192
)

// Memory is how many bytes the limit's buckets take, however many keys come.
func (l *Limit) Memory() int {
	pages := func(n int) int { return (n + page - 1) / page * page }
	n := limiterBytes + pages(max(2*l.Keys, fewestSlots)*slotBytes)
	if l.Concurrency != 0 {
		n += pages(holds * holdBytes)
	}
	return n
}
