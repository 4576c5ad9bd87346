package dynmod

import (
	"fmt"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"

	"moec.dev/moec/runtime/core"
	"moec.dev/moec/runtime/obs"
)

// places says where the files of a bundle lie on this machine.
type places struct {
	root  string            // "": nowhere
	files map[string]string // by the name that the policy has
}

// fit refuses places for files that the bundle does not read.
func (p places) fit(f *core.Files) error {
	var read []string
	if f != nil {
		for _, s := range f.Sources {
			if s.Reload {
				read = append(read, s.File)
			}
		}
	}
	for name := range p.files {
		if !slices.Contains(read, name) {
			return fmt.Errorf("filter_config places the file %q, which the bundle does not read when it is loaded", name)
		}
	}
	return nil
}

// path is where a source is read.
func (p places) path(s core.Source) (string, error) {
	if at, ok := p.files[s.File]; ok {
		return at, nil
	}
	if p.root == "" {
		return "", fmt.Errorf("%s is read from the file %q, and nothing says where that is: give filter_config a root, as in {\"root\": \"/etc/moe\"}", s.Name, s.File)
	}
	return filepath.Join(p.root, filepath.FromSlash(s.File)), nil
}

// key is the same for the same places.
func (p places) key(bundle string) string {
	var b strings.Builder
	b.WriteString(strconv.Quote(bundle) + strconv.Quote(p.root))
	names := make([]string, 0, len(p.files))
	for n := range p.files {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		b.WriteString(strconv.Quote(n) + strconv.Quote(p.files[n]))
	}
	return b.String()
}

// placed is a bundle's data as its files at some places have it. All
// configurations that place them alike share it.
type placed struct {
	key      string
	number   int
	instance uint32
	refs     int
	watch    *watch
}

var (
	placing sync.Mutex
	inPlace []*placed
)

// open reads the files of a bundle, and watches them from then on unless the
// configuration is only being validated. It returns the number of the
// placement; release gives it back.
func open(s settings, validating bool) (uint32, error) {
	f := s.bundle.Files
	if f == nil || !slices.ContainsFunc(f.Sources, func(s core.Source) bool { return s.Reload }) {
		return 0, nil
	}
	placing.Lock()
	defer placing.Unlock()
	key := s.places.key(s.bundle.Name)
	var taken [core.MaxInstances]bool
	for _, p := range inPlace {
		if p.key == key {
			p.refs++
			return p.instance, nil
		}
		if p.number == s.number {
			taken[p.instance] = true
		}
	}
	instance := uint32(1)
	for ; instance < core.MaxInstances && taken[instance]; instance++ {
	}
	if instance == core.MaxInstances {
		return 0, fmt.Errorf("more than %d configurations place its files differently", core.MaxInstances-1)
	}
	f.Open(instance)
	p := &placed{key: key, number: s.number, instance: instance, refs: 1, watch: &watch{bundle: s.bundle.Name}}
	for i, source := range f.Sources {
		if !source.Reload {
			continue
		}
		at, err := s.places.path(source)
		if err != nil {
			return 0, err
		}
		w := &watched{name: source.Name, path: at, keys: source.Keys, replace: func(text string) error { return f.Replace(instance, i, text, false) }}
		if err := w.first(s.bundle.Name); err != nil {
			return 0, err
		}
		p.watch.files = append(p.watch.files, w)
	}
	p.watch.count(newTally())
	if !validating {
		p.watch.stop = make(chan struct{})
		obs.Go("watching the files of bundle "+s.bundle.Name, p.watch.run)
	}
	inPlace = append(inPlace, p)
	return instance, nil
}

// release gives back what open returned for a configuration.
func release(number int, instance uint32) {
	placing.Lock()
	defer placing.Unlock()
	for i, p := range inPlace {
		if p.number != number || p.instance != instance {
			continue
		}
		if p.refs--; p.refs > 0 {
			return
		}
		if p.watch.stop != nil {
			close(p.watch.stop)
		} else {
			freeTally(p.watch.refusals)
		}
		inPlace = slices.Delete(inPlace, i, i+1)
		return
	}
}

// refusals is the number of a placement's refused files that are not counted
// yet, or nil where there is no placement.
func refusals(number int, instance uint32) *uint64 {
	placing.Lock()
	defer placing.Unlock()
	for _, p := range inPlace {
		if p.number == number && p.instance == instance {
			return p.watch.refusals
		}
	}
	return nil
}

// validates reports whether a command line has Envoy only look at its
// configuration: then nothing may be started.
func validates(arguments []byte) bool {
	args := strings.Split(string(arguments), "\x00")
	for i, a := range args {
		if a == "--mode=validate" || a == "--mode" && i+1 < len(args) && args[i+1] == "validate" {
			return true
		}
	}
	return false
}
