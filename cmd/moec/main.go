// Command moec compiles policies for Envoy; package command has its verbs.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"moec.dev/moec/cmd/moec/command"
)

func main() {
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	os.Exit(command.Main(ctx, command.Env{Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}))
}
