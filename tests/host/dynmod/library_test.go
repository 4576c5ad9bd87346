package dynmod

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// library is the hand-written library of library/, built once for all tests.
var library string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "moec-library-")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		library = filepath.Join(dir, "library.so")
		exports, err := filepath.Abs("../../../runtime/host/dynmod/exports.map")
		if err != nil {
			panic(err)
		}
		build := exec.Command("go", "build", "-buildmode=c-shared", "-trimpath", "-buildvcs=false",
			"-ldflags=-s -w -buildid= '-extldflags=-Wl,-z,lazy -Wl,--unresolved-symbols=ignore-all -Wl,--build-id=none -Wl,--version-script="+exports+"'",
			"-o", library, "./library")
		build.Stdout, build.Stderr = os.Stdout, os.Stderr
		if err := build.Run(); err != nil {
			os.Stderr.WriteString("cannot build the library: " + err.Error() + "\n")
			return 1
		}
		return m.Run()
	}())
}

// The library is built by another process, so the go command would not see that
// it changed and would repeat an old result; what a test reads, it sees.
func TestResultDependsOnTheLibrary(t *testing.T) {
	files := 0
	for _, root := range []string{"library", "../../../runtime"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			files++
			_, err = os.ReadFile(path)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files < 20 {
		t.Errorf("found only %d source files", files)
	}
}
