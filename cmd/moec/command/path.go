package command

import (
	"errors"
	"io/fs"
	"path/filepath"
)

// lastElement is the last element of a path; "" when the path names a
// directory by ending in a separator.
func lastElement(path string) string {
	_, file := filepath.Split(path)
	return file
}

// directory is where the file of a path lies.
func directory(path string) string { return filepath.Dir(path) }

// bare is an error of the file system without the path, which the message
// names itself.
func bare(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
