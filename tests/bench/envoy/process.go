package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"moec.dev/moec/tests/envoy/harness"
)

// process is an Envoy with one worker. (The harness of the tests has two, an
// access log and admin pages, none of which may run beside a measurement.)
type process struct {
	chain
	port    int
	command *exec.Cmd
	ended   chan struct{}
	worker  int // the thread that serves requests
}

// start starts an Envoy for a chain and sees that it does its work; stop ends
// it.
func (p *plan) start(c chain, env ...string) (*process, error) {
	binary, err := harness.Binary(p.version)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(p.dir, "envoy-")
	if err != nil {
		return nil, err
	}
	x := &process{chain: c, ended: make(chan struct{})}
	if x.port, err = freePort(); err != nil {
		return nil, err
	}
	text, err := c.bootstrap(p.library, x.port, p.upstream)
	if err != nil {
		return nil, err
	}
	config, logged := filepath.Join(dir, "bootstrap.yaml"), filepath.Join(dir, "log")
	if err := os.WriteFile(config, text, 0o600); err != nil {
		return nil, err
	}
	log, err := os.Create(logged)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	x.command = exec.Command(binary, "-c", config, "--use-dynamic-base-id", "--concurrency", "1", "--log-level", "warning")
	x.command.Env = append(os.Environ(), env...)
	x.command.Stdout, x.command.Stderr = log, log
	x.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := x.command.Start(); err != nil {
		return nil, err
	}
	go func() {
		x.command.Wait()
		close(x.ended)
	}()
	err = x.ready()
	if err == nil && c.same {
		err = x.doesTheSame(p.limit)
	}
	if err != nil {
		x.stop()
		text, _ := os.ReadFile(logged)
		return nil, fmt.Errorf("Envoy with %s: %w\n%s", c.name, err, text)
	}
	return x, nil
}

func (x *process) stop() {
	x.command.Process.Kill()
	<-x.ended
}

func (x *process) pid() int { return x.command.Process.Pid }

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// ready waits until requests are answered, sends so many that nothing happens
// for the first time any more, and finds the worker's thread.
func (x *process) ready() error {
	for deadline := time.Now().Add(time.Minute); ; {
		err := load(x.port, connections)
		if err == nil {
			break
		}
		select {
		case <-x.ended:
			return fmt.Errorf("it has ended")
		case <-time.After(50 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return err
		}
	}
	if err := load(x.port, 2000); err != nil {
		return err
	}
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/comm", x.pid()))
	if err != nil {
		return err
	}
	for _, task := range tasks {
		name, err := os.ReadFile(task)
		if err == nil && strings.HasPrefix(string(name), "wrk:worker_0") {
			_, err := fmt.Sscanf(task, fmt.Sprintf("/proc/%d/task/%%d/comm", x.pid()), &x.worker)
			return err
		}
	}
	return fmt.Errorf("no thread is called wrk:worker_0")
}
