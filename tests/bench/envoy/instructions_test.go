package main

import (
	"math"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// The stepper counts what is there: 2000 more loops of two instructions are 4000
// more, give or take the few between an answer and the next question.
func TestStepped(t *testing.T) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("stepping is for Linux on amd64")
	}
	dir := t.TempDir()
	counter, loops := filepath.Join(dir, "stepper"), filepath.Join(dir, "loops")
	if err := buildStepper(filepath.Join("count", "count.c"), counter); err != nil {
		t.Fatal(err)
	}
	if err := run("cc", "-O1", "-o", loops, filepath.Join("testdata", "loops.c")); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(loops)
	in, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	work := func(n byte) func() error {
		return func() error {
			if _, err := in.Write([]byte{n}); err != nil {
				return err
			}
			_, err := out.Read(make([]byte, 1))
			return err
		}
	}
	if err := work(1)(); err != nil {
		t.Fatal(err)
	}
	own := map[byte]float64{}
	for _, n := range []byte{2, 4} {
		c, err := stepped(counter, command.Process.Pid, command.Process.Pid, "loops", 1, work(n))
		if err != nil {
			if strings.Contains(err.Error(), "may not be traced") {
				t.Skip(err)
			}
			t.Fatal(err)
		}
		for _, p := range c.where {
			if p.kind == "in" && p.file == "loops" {
				own[n] = p.instructions
			}
		}
	}
	if math.Abs(own[4]-own[2]-4000) > 30 {
		t.Errorf("2000 more loops of two instructions made %v more", own[4]-own[2])
	}
	// It is left as it was found.
	if err := work(1)(); err != nil {
		t.Error(err)
	}
	in.Close()
	if err := command.Wait(); err != nil {
		t.Error(err)
	}
}

func TestParseCounted(t *testing.T) {
	c, err := parseCounted("in envoy 300\nin [vdso] 1000\nin front.so 100\nfrom front.so 4096 2 90\nto envoy 77 6 50\n", 2)
	if err != nil {
		t.Fatal(err)
	}
	if c.all != 200 || len(c.where) != 5 || c.where[4] != (place{kind: "to", file: "envoy", address: 77, calls: 3, instructions: 25}) {
		t.Errorf("got %+v", c)
	}
	for _, bad := range []string{"in envoy\n", "to envoy x 1 2\n", "nonsense\n"} {
		if _, err := parseCounted(bad, 1); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestPerfFigure(t *testing.T) {
	if n, err := perfFigure("1234567,,instructions:u,1000,100.00,,\n"); n != 1234567 || err != nil {
		t.Errorf("got %v, %v", n, err)
	}
	for _, bad := range []string{"", "<not supported>,,instructions:u,0,100.00,,\n", "<not counted>,,instructions:u,0,0.00,,\n"} {
		if _, err := perfFigure(bad); err == nil {
			t.Errorf("%q has a figure", bad)
		}
	}
}

func TestQuartiles(t *testing.T) {
	for _, test := range []struct {
		values []float64
		want   [3]float64
	}{
		{[]float64{5}, [3]float64{5, 5, 5}},
		{[]float64{4, 1, 3, 2, 5}, [3]float64{2, 3, 4}},
		{[]float64{1, 2, 3, 4}, [3]float64{1.75, 2.5, 3.25}},
	} {
		got := quartiles(test.values)
		for i := range got {
			if math.Abs(got[i]-test.want[i]) > 1e-9 {
				t.Errorf("%v: %v, want %v", test.values, got, test.want)
			}
		}
	}
}

// Bars are held against the row before the last, in what is added.
func TestBars(t *testing.T) {
	r := results{ // a plan without a limit has four chains
		turns:   [][]spent{{{all: 100}, {all: 101}, {all: 140}, {all: 121}}, {{all: 200}, {all: 201}, {all: 240}, {all: 220}}},
		counted: [][]counted{{{all: 1000}, {all: 1100}, {all: 3000}, {all: 2000}}},
	}
	var b strings.Builder
	r.print(&b)
	for _, want := range []string{
		"met      user instructions: moec adds 0.5 of what",
		"NOT MET  processor time: moec adds 0.512 of what",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in:\n%s", want, b.String())
		}
	}
}
