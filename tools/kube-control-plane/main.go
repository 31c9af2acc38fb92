// Command kube-control-plane is etcd, kube-apiserver, kube-controller-manager and kube-scheduler in one binary:
// they share nine tenths of their code, so one build and one file on disk serve all four. It is the program that
// it is called as (a link of that name), else the one that its first argument names. `pki` writes the certificates
// they need, and `hold` runs another program that ends with its parent as these do, so that nothing but this file is
// needed to start a control plane.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"

	// Registered as the genuine mains do: their metrics and version flags come from these.
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
)

var components = map[string]func() *cobra.Command{
	"kube-apiserver":          apiserver.NewAPIServerCommand,
	"kube-controller-manager": controllermanager.NewControllerManagerCommand,
	"kube-scheduler":          func() *cobra.Command { return scheduler.NewSchedulerCommand() },
}

func main() {
	name, args := filepath.Base(os.Args[0]), os.Args
	if !known(name) && len(os.Args) > 1 {
		name, args = os.Args[1], os.Args[1:]
	}
	os.Args = append([]string{name}, args[1:]...)
	switch {
	case name == "etcd":
		etcdmain.Main(os.Args)
	case name == "pki":
		if err := writePKI(os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, "pki:", err)
			os.Exit(1)
		}
	case components[name] != nil:
		os.Exit(cli.Run(components[name]()))
	default:
		fmt.Fprintln(os.Stderr, "usage: kube-control-plane etcd|kube-apiserver|kube-controller-manager|kube-scheduler|pki [flags], or hold <program> [arguments]")
		os.Exit(2)
	}
}

func known(name string) bool { return name == "etcd" || name == "pki" || components[name] != nil }
