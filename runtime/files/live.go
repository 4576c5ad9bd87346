package files

import (
	"sync/atomic"

	"moec.dev/moec/runtime/core"
)

// Live is the data that requests see, by placement. Readers take one snapshot;
// writers, of whom there is one at a time, put another in its place.
type Live[T any] struct {
	built *T
	now   [core.MaxInstances]atomic.Pointer[T]
}

// NewLive makes the data that was built in the only snapshot there is.
func NewLive[T any](built *T) *Live[T] {
	l := &Live[T]{built: built}
	l.now[0].Store(built)
	return l
}

// Load returns the snapshot of a placement; nil for one that was not opened.
func (l *Live[T]) Load(instance uint32) *T { return l.now[instance%core.MaxInstances].Load() }

// Open gives a placement the data that was built in.
func (l *Live[T]) Open(instance uint32) { l.now[instance%core.MaxInstances].Store(l.built) }

// Store replaces the snapshot of a placement. It must not change any more.
func (l *Live[T]) Store(instance uint32, v *T) { l.now[instance%core.MaxInstances].Store(v) }
