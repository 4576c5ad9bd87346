package core

// Files are what a bundle reads besides its own code. What it was built with
// holds until the host puts something else in its place.
type Files struct {
	Sources []Source
	// Open gives a placement of the files the data that was built in.
	Open func(instance uint32)
	// Replace puts a text in place of a source's data, for the requests of a
	// placement that begin from now on. plain says that it is JSON, whatever the
	// file's format. On an error, which names the line or the field, nothing has
	// changed. One call runs at a time.
	Replace func(instance uint32, source int, text string, plain bool) error
}

// MaxInstances is how many placements of a bundle's files a process can hold at
// once. Configurations that place them alike share one; number 0 is the data
// that was built in.
const MaxInstances = 256

// Source is a file of a bundle.
type Source struct {
	Name   string // table plans
	File   string // as the policy names it
	Reload bool   // read when the library is loaded, and when it changes
	Keys   bool   // a file of keys: a line with anything but a comment is one
}

// The number of a bundle and that of the placement of its files travel in one
// field of the frame.
const instanceShift = 16

// Handle is what a host puts into Frame.Bundle.
func Handle(bundle int, instance uint32) uint32 { return uint32(bundle) | instance<<instanceShift }

// Unhandle takes a handle apart.
func Unhandle(handle uint32) (bundle int, instance uint32) {
	return int(handle & (1<<instanceShift - 1)), handle >> instanceShift
}

// Instance is the placement of the bundle's files that the frame's
// configuration chose.
func (f *Frame) Instance() uint32 { return f.Bundle >> instanceShift }

// bundle is the frame's bundle, or nil.
func (f *Frame) bundle() *Bundle {
	if i := int(f.Bundle & (1<<instanceShift - 1)); i < len(bundles) {
		return bundles[i]
	}
	return nil
}
