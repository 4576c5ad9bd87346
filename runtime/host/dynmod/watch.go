package dynmod

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"moec.dev/moec/runtime/obs"
)

const (
	// pollEvery is how long a change of a file may stay unnoticed.
	pollEvery = 500 * time.Millisecond
	// settled is the age from which a file's time of change is believed: below
	// it a second change may bear the same one.
	settled = 2 * time.Second
	// maxFile is the size, in bytes, that a file may have.
	maxFile = 16 << 20
)

// refusedFiles is how often a file that had changed could not be used.
var refusedFiles atomic.Uint64

// watched is a file whose text is data of a bundle.
type watched struct {
	name, path string
	keys       bool // without a line, everybody is refused
	replace    func(text string) error

	info    fs.FileInfo // nil: it could not be read
	used    [sha256.Size]byte
	refused string // what was said last, so that it is said once
	// refusals is counted up for the host's counters; nil when nobody counts.
	refusals *uint64
}

// first reads the file when the library is configured: an error refuses the
// configuration.
func (w *watched) first(bundle string) error {
	text, info, err := readData(w.path)
	if err == nil {
		err = w.use(text)
	}
	if err != nil {
		return fmt.Errorf("%s cannot be read from %s: %w", w.name, w.path, err)
	}
	w.info, w.used = info, sha256.Sum256([]byte(text))
	if w.keys && !lines(text) {
		obs.Log(obs.Warn, w.line(bundle)+nobody)
	}
	return nil
}

// use puts a text in place. What panics over it is a file that cannot be used:
// the watch goes on, and takes up the next one.
func (w *watched) use(text string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return w.replace(text)
}

// line begins what is said about the file.
func (w *watched) line(bundle string) string {
	return "moec: bundle " + strconv.Quote(bundle) + ": " + w.name + " from " + w.path
}

// nobody is said of a file of keys that holds none: it is meant so, as the way
// to revoke all keys at once, but it should not go unnoticed.
const nobody = " holds no keys: everybody is refused"

// lines reports whether a text has a line that is more than a comment.
func lines(text string) bool {
	for line := range strings.SplitSeq(strings.TrimPrefix(text, "\ufeff"), "\n") {
		if line = strings.Trim(line, " \t\r"); line != "" && line[0] != '#' {
			return true
		}
	}
	return false
}

// look takes the file up if it has changed. A file that cannot be used leaves
// what is there, is counted, and is complained about once.
func (w *watched) look(bundle string) {
	info, err := os.Stat(w.path)
	if err != nil {
		err = reason(err)
	}
	if err == nil && w.info != nil && os.SameFile(info, w.info) && info.ModTime().Equal(w.info.ModTime()) && info.Size() == w.info.Size() &&
		time.Since(info.ModTime()) > settled {
		return
	}
	var text string
	if err == nil {
		text, info, err = readData(w.path)
	}
	var sum [sha256.Size]byte
	if err == nil {
		w.info = info
		if sum = sha256.Sum256([]byte(text)); sum == w.used {
			w.refused = ""
			return
		}
		err = w.use(text)
	} else {
		w.info = nil
	}
	line := w.line(bundle)
	if err != nil {
		if said := err.Error() + string(sum[:]); said != w.refused {
			w.refused = said
			n := refusedFiles.Add(1)
			if w.refusals != nil {
				atomic.AddUint64(w.refusals, 1)
			}
			obs.Log(obs.Error, line+" is refused and the last good one kept: "+err.Error()+" ("+strconv.FormatUint(n, 10)+" refused so far)")
		}
		return
	}
	w.used, w.refused = sum, ""
	if w.keys && !lines(text) {
		obs.Log(obs.Warn, line+nobody)
		return
	}
	obs.Log(obs.Info, line+" has changed and is read again")
}

// watch looks at the files of one placement.
type watch struct {
	bundle string
	files  []*watched
	stop   chan struct{} // nil: not running
	// refusals are the files refused that the host has not counted yet, in C's
	// memory. Whoever looks last gives it back.
	refusals *uint64
	mu       sync.Mutex
}

// count says where refused files are counted for the host.
func (w *watch) count(refusals *uint64) {
	w.refusals = refusals
	for _, f := range w.files {
		f.refusals = refusals
	}
}

func (w *watch) run() {
	t := time.NewTicker(pollEvery)
	defer t.Stop()
	for {
		select {
		case <-w.stop:
			freeTally(w.refusals)
			return
		case <-t.C:
			w.look()
		}
	}
}

func (w *watch) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range w.files {
		f.look(w.bundle)
	}
}

// readData reads a file whole, and what it was when it was read.
func readData(path string) (string, fs.FileInfo, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", nil, reason(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", nil, reason(err)
	}
	if !info.Mode().IsRegular() {
		return "", nil, errors.New("it is no regular file")
	}
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	switch {
	case err != nil:
		return "", nil, reason(err)
	case len(text) > maxFile:
		return "", nil, fmt.Errorf("it is larger than %d MiB", maxFile>>20)
	case !utf8.Valid(text):
		return "", nil, errors.New("it is not UTF-8 text")
	}
	return string(text), info, nil
}

// reason is an error without the path, which the message has.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
