package harness

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// startTimeout is generous: the first start of a cold 100 MB binary on a busy
// machine reads it from disk.
const startTimeout = 60 * time.Second

// Envoy is a running Envoy process.
type Envoy struct {
	Version string
	// Admin is the host:port of the admin pages.
	Admin string

	dir   string
	cmd   *exec.Cmd
	ended chan struct{} // closed when the process is gone
	exit  error         // valid when ended is closed
}

// Exited says that Envoy ended by itself, as it does when it refuses its
// configuration.
type Exited struct {
	Code int
	Log  string
}

func (e *Exited) Error() string { return fmt.Sprintf("Envoy exited with %d:\n%s", e.Code, e.Log) }

// StartEnvoy starts the Envoy of a version with a bootstrap (YAML or JSON)
// that has an admin address on port 0 or another, and waits until it is ready
// for traffic. The error is an *Exited if Envoy ended instead. Stop ends it.
func StartEnvoy(version string, bootstrap []byte, env ...string) (*Envoy, error) {
	return StartWorkers(version, 2, bootstrap, env...)
}

// StartWorkers is StartEnvoy with a number of worker threads.
func StartWorkers(version string, workers int, bootstrap []byte, env ...string) (*Envoy, error) {
	binary, err := Binary(version)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "moec-envoy-")
	if err != nil {
		return nil, err
	}
	e := &Envoy{Version: version, dir: dir, ended: make(chan struct{})}
	if err := e.start(binary, workers, bootstrap, env); err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	if err := e.waitReady(); err != nil {
		e.Stop()
		return nil, err
	}
	return e, nil
}

func (e *Envoy) start(binary string, workers int, bootstrap []byte, env []string) error {
	config := filepath.Join(e.dir, "bootstrap.yaml")
	if err := os.WriteFile(config, bootstrap, 0o600); err != nil {
		return err
	}
	log, err := os.Create(e.path("envoy.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	access, err := os.Create(e.AccessLog())
	if err != nil {
		return err
	}
	defer access.Close()
	e.cmd = exec.Command(binary, "-c", config, "--use-dynamic-base-id", "--concurrency", strconv.Itoa(workers),
		"--admin-address-path", e.path("admin"), "--file-flush-interval-msec", "2", "--log-level", "warning",
		"--component-log-level", "dynamic_modules:info")
	e.cmd.Dir = e.dir
	e.cmd.Env = append(os.Environ(), env...)
	e.cmd.Stdout, e.cmd.Stderr = access, log
	// Whoever is killed before it can stop its Envoy takes it along. The signal
	// comes when the thread that started it ends, so that thread stays.
	e.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := e.cmd.Start()
		started <- err
		if err == nil {
			e.exit = e.cmd.Wait()
			close(e.ended)
		}
	}()
	return <-started
}

func (e *Envoy) path(name string) string { return filepath.Join(e.dir, name) }

// AccessLog is the file that holds Envoy's standard output, to which
// bootstraps write their access log.
func (e *Envoy) AccessLog() string { return e.path("access.log") }

// Log returns what Envoy wrote to standard error.
func (e *Envoy) Log() string {
	text, err := os.ReadFile(e.path("envoy.log"))
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func (e *Envoy) waitReady() error {
	deadline := time.Now().Add(startTimeout)
	for time.Now().Before(deadline) {
		select {
		case <-e.ended:
			return &Exited{Code: e.cmd.ProcessState.ExitCode(), Log: e.Log()}
		case <-time.After(10 * time.Millisecond):
		}
		admin, err := os.ReadFile(e.path("admin"))
		if err != nil || len(admin) == 0 {
			continue
		}
		e.Admin = string(bytes.TrimSpace(admin))
		if body, err := e.AdminPage("/ready"); err == nil && strings.TrimSpace(body) == "LIVE" {
			return nil
		}
	}
	return fmt.Errorf("Envoy %s was not ready after %v:\n%s", e.Version, startTimeout, e.Log())
}

// PID is the number of the process.
func (e *Envoy) PID() int { return e.cmd.Process.Pid }

// AdminPage fetches an admin page.
func (e *Envoy) AdminPage(path string) (string, error) {
	client := http.Client{Timeout: 5 * time.Second}
	answer, err := client.Get("http://" + e.Admin + path)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("admin page %s: %s", path, answer.Status)
	}
	return string(body), err
}

// Ports returns the port of each listener by its name.
func (e *Envoy) Ports() (map[string]int, error) {
	page, err := e.AdminPage("/listeners?format=json")
	if err != nil {
		return nil, err
	}
	var listeners struct {
		Statuses []struct {
			Name    string `json:"name"`
			Address struct {
				Socket struct {
					Port int `json:"port_value"`
				} `json:"socket_address"`
			} `json:"local_address"`
		} `json:"listener_statuses"`
	}
	if err := json.Unmarshal([]byte(page), &listeners); err != nil {
		return nil, err
	}
	ports := map[string]int{}
	for _, s := range listeners.Statuses {
		ports[s.Name] = s.Address.Socket.Port
	}
	return ports, nil
}

// Stop ends Envoy as a supervisor would, with SIGTERM, and removes its files.
// The error says that it did not end cleanly, and has its log.
func (e *Envoy) Stop() error {
	defer os.RemoveAll(e.dir)
	select {
	case <-e.ended:
		return fmt.Errorf("Envoy %s had ended by itself: %v\n%s", e.Version, e.exit, e.Log())
	default:
	}
	if err := e.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-e.ended:
	case <-time.After(20 * time.Second):
		_ = syscall.Kill(-e.cmd.Process.Pid, syscall.SIGKILL)
		<-e.ended
		return fmt.Errorf("Envoy %s did not end within 20 s of SIGTERM:\n%s", e.Version, e.Log())
	}
	if e.exit != nil {
		return fmt.Errorf("Envoy %s: %w\n%s", e.Version, e.exit, e.Log())
	}
	return nil
}
