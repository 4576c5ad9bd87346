package expression

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"moec.dev/moec/compiler/build"
	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/lower"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/tests/evaluation"
	"moec.dev/moec/tests/evaluation/wire"
)

var (
	duration = flag.Duration("expression.duration", 0, "go on with new batches for so long; 0 means one batch")
	first    = flag.Int("expression.seed", 1, "the seed of the first expression")
	size     = flag.Int("expression.batch", 150, "how many expressions are built into one program")
	samples  = flag.Int("expression.inputs", 12, "how many inputs each expression gets")
	shrunken = flag.Int("expression.shrink", 6, "how many finds of a batch are shrunk")
)

// subject is an expression under test.
type subject struct {
	name string // how to come back to it
	seed int
	node *node // nil for one that was read from a file
	*evaluation.Expression
	inputs []map[string]wire.Value
}

// environment is what all expressions are checked in.
func environment(t testing.TB) (*celfront.Env, []celfront.Variable) {
	t.Helper()
	var vars []celfront.Variable
	for _, p := range parameters {
		vars = append(vars, celfront.Variable{Name: p.name, Type: p.of})
	}
	env, err := celfront.NewEnv(vars, nil)
	if err != nil {
		t.Fatal(err)
	}
	return env, vars
}

// find is a disagreement.
type find struct {
	*subject
	input    map[string]wire.Value
	config   evaluation.Configuration
	want     wire.Answer // cel-go's
	got      wire.Answer
	original string
}

func (f *find) String() string {
	return fmt.Sprintf("%s, %s:\n  %s\n  cel-go   %s\n  compiled %s\n%s", f.name, f.config, f.original, f.want, f.got, archived(f))
}

func TestAgreement(t *testing.T) {
	env, vars := environment(t)
	seed, end := *first, time.Now().Add(*duration)
	kept := corpus(t, env, vars)
	var tried, taken, asked, valued, batches int
	for {
		batch := kept
		kept = nil
		for n := 0; n < *size; seed++ {
			tried++
			if s, err := draw(env, vars, seed); err == nil {
				batch = append(batch, s)
				taken++
				n++
			} else if *duration == 0 {
				t.Logf("seed %d is refused: %v\n%s", seed, err, expressions.Example(seed))
			}
		}
		finds, q, v := compare(t, batch)
		asked, valued, batches = asked+q, valued+v, batches+1
		for _, f := range shrink(t, env, vars, finds) {
			t.Errorf("%s", f)
		}
		if !time.Now().Before(end) {
			break
		}
		t.Logf("batch %d: %d questions so far, next seed %d", batches, asked, seed)
	}
	t.Logf("%d batches, %d expressions, %d refused; %d questions, %d with a value", batches, tried, tried-taken, asked, valued)
	if share := float64(taken) / float64(tried); share < accepted {
		t.Errorf("cel-go takes %.0f %% of the expressions only", share*100)
	}
	if valued*3 < asked {
		t.Errorf("%d of %d answers are values: what is asked fails too often to tell much", valued, asked)
	}
}

// The generator is of use only while the checker takes most of what it writes.
const accepted = 0.85

// draw writes the expression of a seed, and inputs for it.
func draw(env *celfront.Env, vars []celfront.Variable, seed int) (*subject, error) {
	s := &subject{name: fmt.Sprintf("seed %d", seed), seed: seed, node: expressions.Example(seed)}
	var err error
	if s.Expression, err = evaluation.Check(env, vars, s.node.String()); err != nil {
		return nil, err
	}
	for i := range *samples {
		s.inputs = append(s.inputs, inputs.Example(seed*1000+i))
	}
	return s, nil
}

// compare asks both sides for everything. What it finds is one disagreement for
// each expression that has any.
func compare(t *testing.T, batch []*subject) (finds []*find, asked, valued int) {
	t.Helper()
	program := compile(t, batch)
	defer program.Close()
	refused := map[int]map[evaluation.Configuration]bool{}
	reasons := map[string]bool{}
	for _, r := range program.Refused {
		if refused[r.Index] == nil {
			refused[r.Index] = map[evaluation.Configuration]bool{}
		}
		refused[r.Index][r.Config] = true
		why := r.Reason.Error()
		if tolerated(why) {
			continue
		}
		if s := batch[r.Index]; !reasons[digits.ReplaceAllString(why, "")] {
			reasons[digits.ReplaceAllString(why, "")] = true
			finds = append(finds, &find{subject: s, input: s.inputs[0], config: r.Config, want: wire.Answer{Unasked: "it is compiled"}, got: wire.Answer{Unasked: why}, original: s.Text})
		}
	}
	var questions []evaluation.Question
	var about []*find
	for i, s := range batch {
		for _, in := range s.inputs {
			args, err := s.Select(in)
			if err != nil {
				t.Fatalf("%s: %v", s.Text, err)
			}
			want := s.Reference(args)
			if want.Unasked != "" {
				t.Fatalf("%s: cel-go: %s", s.Text, want)
			}
			if want.Panic != "" {
				continue
			}
			for _, c := range evaluation.Configurations {
				if refused[i][c] {
					continue
				}
				asked++
				if want.Value != nil {
					valued++
				}
				questions = append(questions, evaluation.Question{Expression: i, Config: c, Args: args})
				about = append(about, &find{subject: s, input: in, config: c, want: want, original: s.Text})
			}
		}
	}
	answers, err := program.Ask(questions)
	if err != nil {
		f := about[len(answers)]
		t.Errorf("%v\n%s %s", err, f.config, archived(f))
	}
	seen := map[*subject]bool{}
	for i, a := range answers {
		f := about[i]
		f.got = a
		if a.Agrees(f.want) || seen[f.subject] || f.unordered() {
			continue
		}
		seen[f.subject] = true
		finds = append(finds, f)
	}
	return finds, asked, valued
}

// refusals are what the compiler refuses on purpose, with the reason.
var refusals = map[string]string{
	"reading into an optional that lies in a list or a map": "cel-go's evaluator takes such an optional for something without members, against its type",
}

func tolerated(why string) bool {
	for r := range refusals {
		if strings.Contains(why, r) {
			return true
		}
	}
	return false
}

// A refusal that nothing causes any more must not stay in the list.
func TestRefusals(t *testing.T) {
	env, vars := environment(t)
	for text, why := range map[string]string{
		"[optional.of([0u])][i][?0]":       "reading into an optional that lies in a list or a map",
		"{true: optional.of([b''])}[b][0]": "reading into an optional that lies in a list or a map",
	} {
		x, err := evaluation.Check(env, vars, text)
		if err != nil {
			t.Fatal(err)
		}
		var diags diag.List
		lower.Function("f", x.Params, x.Checked.Root, &diags)
		if found := diags.Sorted(); len(found) != 1 || !strings.Contains(found[0].Message, why) || refusals[why] == "" {
			t.Errorf("%s: %v, want %s", text, found, why)
		}
	}
}

// digits are taken out of reasons, so that one reason is reported once.
var digits = regexp.MustCompile(`[0-9]+`)

// unordered reports whether cel-go itself gives several answers: it goes over
// maps in the order of the day.
func (f *find) unordered() bool {
	args, err := f.Select(f.input)
	if err != nil {
		return false
	}
	for range 64 {
		if again := f.Reference(args); again.String() != f.want.String() && (again.Value != nil || f.want.Value != nil) {
			return true
		}
	}
	return false
}

func compile(t *testing.T, batch []*subject) *evaluation.Program {
	t.Helper()
	var all []*evaluation.Expression
	for _, s := range batch {
		all = append(all, s.Expression)
	}
	p, err := evaluation.Compile(context.Background(), all)
	if f := (*build.Failure)(nil); errors.As(err, &f) {
		t.Fatalf("%v\n%s", err, f.Output)
	} else if err != nil {
		t.Fatal(err)
	}
	return p
}
