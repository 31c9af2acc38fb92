package main

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

// init asks the kernel to end this process with the one that started it, however that one ended. The request
// belongs to a thread: only during init is it sure to be the main one, which lives as long as the process.
func init() {
	const prSetDeathSignal = 1
	_, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, prSetDeathSignal, uintptr(syscall.SIGKILL), 0)
	if len(os.Args) > 2 && os.Args[1] == "hold" {
		hold(os.Args[2:])
	}
}

// hold becomes another program, which keeps the request: kube-control-plane hold <program> <arguments>.
func hold(command []string) {
	path, err := exec.LookPath(command[0])
	if err == nil {
		err = syscall.Exec(path, command, os.Environ())
	}
	fmt.Fprintln(os.Stderr, "hold:", err)
	os.Exit(127)
}
