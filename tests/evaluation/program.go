package evaluation

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/lower"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/tests/evaluation/wire"
)

// Configuration is a way to compile an expression.
type Configuration string

// The configurations.
const (
	Plain     Configuration = "plain"     // as it is written, nothing computed beforehand
	Optimized Configuration = "optimized" // constants folded, all passes
)

// Configurations are all of them; a program holds every expression in each.
var Configurations = []Configuration{Plain, Optimized}

// Refusal says that the compiler does not take an expression.
type Refusal struct {
	Index  int // of the expression
	Config Configuration
	Reason error
}

// Program is a running program of compiled expressions.
type Program struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *json.Decoder
	stderr bytes.Buffer
	dead   error
	// Refused are expressions that are not in the program.
	Refused []Refusal
}

// Compile builds a program of expressions in all configurations and starts it.
// The caller closes it. What the compiler refuses, and what the Go toolchain
// does not take of its output, is left out and told in Refused; an error is what
// no single expression is to blame for.
func Compile(ctx context.Context, expressions []*Expression) (*Program, error) {
	p := &Program{}
	var functions []function
	for i, x := range expressions {
		for _, c := range Configurations {
			f := function{index: i, config: c}
			var err error
			if f.Let, err = x.lower(functionName(i, c), c); err != nil {
				p.Refused = append(p.Refused, Refusal{i, c, err})
				continue
			}
			functions = append(functions, f)
		}
	}
	path, refused, err := executable(ctx, functions)
	if err != nil {
		return nil, err
	}
	p.Refused = append(p.Refused, refused...)
	return p, p.start(path)
}

// function is an expression in a configuration.
type function struct {
	*ir.Let
	index  int
	config Configuration
}

func functionName(i int, c Configuration) string { return fmt.Sprintf("%s%d", c, i) }

// lower compiles one expression to a function of the IR. A panic of a stage is
// its error.
func (x *Expression) lower(name string, c Configuration) (let *ir.Let, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	var diags diag.List
	root := x.Checked.Root
	if c == Optimized {
		root = x.Checked.Folded()
	}
	params, root := x.renamed(root)
	let = lower.Function(name, params, root, &diags)
	for _, d := range diags.Sorted() {
		return nil, d
	}
	return let, nil
}

// renamed gives parameters names without dots: those of a let have none.
func (x *Expression) renamed(root *celfront.Expr) ([]celfront.Variable, *celfront.Expr) {
	names := map[string]string{}
	var params []celfront.Variable
	for _, p := range x.Params {
		if strings.Contains(p.Name, ".") {
			names[p.Name] = strings.ReplaceAll(p.Name, ".", "_dot_")
			p.Name = names[p.Name]
		}
		params = append(params, p)
	}
	if len(names) == 0 {
		return params, root
	}
	var rename func(e *celfront.Expr) *celfront.Expr
	rename = func(e *celfront.Expr) *celfront.Expr {
		o := *e
		if n, ok := names[e.Name]; ok && e.Op == celfront.Var {
			o.Name = n
		}
		o.Args = nil
		for _, a := range e.Args {
			o.Args = append(o.Args, rename(a))
		}
		return &o
	}
	return params, rename(root)
}

func (p *Program) start(path string) error {
	p.cmd = exec.Command(path)
	p.cmd.Env = []string{"GOMEMLIMIT=1GiB"}
	p.cmd.Stderr = &p.stderr
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	p.out = json.NewDecoder(out)
	return p.cmd.Start()
}

// Question asks for an expression's value in a configuration.
type Question struct {
	Expression int // its place among those compiled
	Config     Configuration
	Args       []wire.Value
}

// patience is how long one expression may take.
const patience = 10 * time.Second

// Ask asks many questions and returns their answers in order. When the program
// ends or hangs at one, the error says at which, with the answers before it.
func (p *Program) Ask(questions []Question) ([]wire.Answer, error) {
	if p.dead != nil {
		return nil, p.dead
	}
	go func() {
		enc := json.NewEncoder(p.in)
		for _, q := range questions {
			if enc.Encode(wire.Question{Name: functionName(q.Expression, q.Config), Args: q.Args}) != nil {
				return // the reader finds out
			}
		}
	}()
	var answers []wire.Answer
	for range questions {
		var a wire.Answer
		stop := time.AfterFunc(patience, func() { p.cmd.Process.Kill() })
		err := p.out.Decode(&a)
		stop.Stop()
		if err != nil {
			p.dead = fmt.Errorf("the program ended at question %d: %w %s", len(answers), err, head(p.stderr.String()))
			return answers, p.dead
		}
		answers = append(answers, a)
	}
	return answers, nil
}

func head(s string) string { return s[:min(len(s), 2000)] }

// Close ends the program.
func (p *Program) Close() error {
	p.in.Close()
	return p.cmd.Wait()
}
