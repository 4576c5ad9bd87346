package command

import "syscall"

// attributes make a child a group of its own that dies with moec, however moec
// dies.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}
