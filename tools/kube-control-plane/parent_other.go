//go:build !linux

package main

import (
	"fmt"
	"os"
	"os/exec"
)

// init runs the held program; elsewhere than on Linux there is no request to the kernel that would end it with
// whoever started it: the one who starts a component ends it.
func init() {
	if len(os.Args) < 3 || os.Args[1] != "hold" {
		return
	}
	held := exec.Command(os.Args[2], os.Args[3:]...)
	held.Stdin, held.Stdout, held.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := held.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "hold:", err)
		os.Exit(127)
	}
	os.Exit(0)
}
