package differential

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"moec.dev/moec/compiler"
	"moec.dev/moec/compiler/build"
	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/interp"
	"moec.dev/moec/compiler/process"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/dsl/diag"
)

var (
	batches  = flag.Int("differential.batches", 1, "how many batches of bundles to try")
	first    = flag.Uint64("differential.seed", 1, "the seed of the first bundle")
	requests = flag.Int("differential.requests", 400, "how many requests to send to each bundle")
)

// A batch is built into one program; building is what takes long.
const batch = 40

// The generator is of use only while the compiler takes most of what it writes:
// of the bundles, and of their lines. Of those that it refuses most read a header
// that holds a credential.
const (
	accepted = 0.6
	kept     = 0.97
)

func TestAgreement(t *testing.T) {
	seed := *first
	tried, taken, forwarded, sent, written, dropped := 0, 0, 0, 0, 0, 0
	for range *batches {
		policies := map[string]*policy{}
		var units []*compiler.Unit
		for len(units) < batch {
			p, u, refused := compile(seed)
			seed++
			tried++
			written, dropped = written+p.written, dropped+p.dropped
			if refused != nil {
				t.Logf("seed %d is refused: %v", seed-1, refused)
				if refused.Code == diag.InternalError {
					t.Errorf("seed %d: %v\n%s", seed-1, refused, p.files["policy.moe"])
				}
				continue
			}
			taken++
			policies[u.IR.Name] = p
			units = append(units, u)
		}
		f, n := compare(t, policies, units)
		forwarded, sent = forwarded+f, sent+n
	}
	t.Logf("%d bundles, %d refused; %d lines, %d left out; %d requests, %d forwarded", tried, tried-taken, written, dropped, sent, forwarded)
	if share := 1 - float64(dropped)/float64(written); share < kept {
		t.Errorf("the compiler takes %.1f %% of the lines only", share*100)
	}
	if share := float64(taken) / float64(tried); share < accepted {
		t.Errorf("the compiler takes %.0f %% of the bundles only", share*100)
	}
	if forwarded*33 < sent {
		t.Errorf("%d of %d requests were forwarded: the requests fit the policies too rarely", forwarded, sent)
	}
}

// compile takes the bundle of a seed through the compiler, and leaves rules out
// that it does not take, since one of many would lose the whole bundle: loops
// too deep, two sets of one header. A refusal is the first error that remains.
func compile(seed uint64) (*policy, *compiler.Unit, *diag.Diagnostic) {
	name := fmt.Sprintf("seed%d", seed)
	p := newPolicy(name, seed)
	for range 10 {
		u, refused := p.compile(name)
		if refused == nil {
			return p, u, nil
		}
		if refused.Code == diag.InternalError || !p.leaveOut(refused.Span.Position().Line) {
			return p, nil, refused
		}
	}
	_, refused := p.compile(name)
	return p, nil, refused
}

func (p *policy) compile(name string) (*compiler.Unit, *diag.Diagnostic) {
	files := fstest.MapFS{}
	for name, text := range p.files {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	u, found := compiler.Run(compiler.Input{FS: files, Name: name}, "")
	for _, d := range found {
		if d.Code.Severity == diag.Error {
			return nil, d
		}
	}
	return u, nil
}

// leaveOut takes a line out, if it is a rule that its block can do without.
func (p *policy) leaveOut(line int) bool {
	lines := strings.Split(p.files["policy.moe"], "\n")
	if line > len(lines) {
		return false
	}
	text := strings.TrimPrefix(strings.TrimSpace(lines[line-1]), "shadow ")
	word, _, _ := strings.Cut(text, " ")
	switch {
	case word == "forward" && !strings.Contains(text, " when "):
		return false
	case !slices.Contains([]string{"deny", "allow", "set", "add", "remove", "when", "rewrite", "forward", "use"}, word):
		return false
	}
	p.files["policy.moe"] = strings.Join(slices.Delete(lines, line-1, line), "\n")
	p.dropped++
	return true
}

// compare sends requests to both executors.
func compare(t *testing.T, policies map[string]*policy, units []*compiler.Unit) (forwarded, sent int) {
	path, err := compiler.Program(context.Background(), units)
	if f := (*build.Failure)(nil); errors.As(err, &f) {
		t.Fatalf("%v\n%s", err, f.Output)
	} else if err != nil {
		t.Fatal(err)
	}
	program, err := process.Start(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := program.Close(); err != nil {
			t.Error(err)
		}
	}()
	var checked []*check.Bundle
	for _, u := range units {
		checked = append(checked, u.Checked)
	}
	oracle := interp.New(checked...)
	for _, u := range units {
		name := u.IR.Name
		mustNotFail := unforgiving(u)
		r := rand.New(rand.NewPCG(*first, 7))
		time := passing{Rand: r}
		if err := begin(oracle, program); err != nil {
			t.Fatal(err)
		}
		for range *requests {
			q := policies[name].request(r)
			time.next(&q)
			if err := time.ends(oracle, program); err != nil {
				t.Fatal(err)
			}
			want, err := oracle.Send(name, q)
			if err != nil {
				t.Fatal(err)
			}
			got, err := program.Send(name, q)
			if err != nil {
				t.Fatal(err)
			}
			sent++
			if want.Forward {
				forwarded++
			}
			if want.Status == 500 && mustNotFail[want.By] {
				t.Errorf("%s: %s fails, and the compiler took it without on error: %s %s %v\n%s", name, want.By, q.Method, q.Path, q.Headers, listing(policies[name]))
				break
			}
			if q.Hold && want.Forward && failedAnswer(u, got) {
				// What is settled with the request fails before there is an answer,
				// of which the interpreter knows nothing here; from now on they hold
				// different requests.
				break
			}
			if diff := cmp.Diff(ordered(want), ordered(got)); diff != "" {
				t.Errorf("%s: interpreter (-) and compiled code (+) disagree on\n%s %s://%s%s from %s at %s\n%v, upstream %v\n%s\n%s", name,
					q.Method, q.Scheme, q.Authority, q.Path, q.Source, q.Now, q.Headers, q.Upstream, diff, listing(policies[name]))
				break
			}
		}
	}
	return forwarded, sent
}

// failedAnswer reports whether a response rule has failed.
func failedAnswer(u *compiler.Unit, o scenario.Outcome) bool {
	found := false
	each := func(r *resolve.Route) {
		for _, h := range r.Headers {
			found = found || h.Response && h.Name == o.By
		}
	}
	for _, r := range u.Resolved.Routes {
		each(r)
	}
	for _, s := range u.Resolved.Scopes {
		each(&s.Route)
	}
	return found && o.Status == 500
}

// unforgiving are the names that answer 500 only when an expression fails that
// the compiler took for one that cannot: a route's condition, and header rules
// that do not say what happens on an error.
func unforgiving(u *compiler.Unit) map[string]bool {
	names := map[string]bool{}
	for _, r := range u.Resolved.Routes {
		names[r.FullName+".when"] = true
		if f := r.Forward; f != nil {
			forgives := f.OnError != ""
			for _, k := range f.Cases {
				forgives = forgives || k.OnError != ""
			}
			names[f.Name] = !forgives
		}
		if r.Redirect != nil {
			names[r.Redirect.Name] = r.Redirect.OnError == ""
		}
		if r.RewritePath != nil {
			names[r.RewritePath.Name] = r.RewritePath.OnError == ""
		}
		forgiving := map[string]bool{}
		for _, h := range r.Headers {
			names[h.Name] = true
			forgiving[h.Name] = forgiving[h.Name] || h.OnError != ""
		}
		for name := range forgiving {
			names[name] = !forgiving[name]
		}
	}
	return names
}

// ordered sorts headers by name: the order of different names means nothing,
// that of the values of one name does.
func ordered(o scenario.Outcome) scenario.Outcome {
	sorted := func(h []scenario.Header) []scenario.Header {
		h = append([]scenario.Header{}, h...)
		slices.SortStableFunc(h, func(a, b scenario.Header) int { return strings.Compare(a.Name, b.Name) })
		return h
	}
	o.Request, o.Response.Headers = sorted(o.Request), sorted(o.Response.Headers)
	return o
}

func listing(p *policy) string {
	var out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(p.files)) {
		fmt.Fprintf(&out, "-- %s --\n%s", name, p.files[name])
	}
	return out.String()
}
