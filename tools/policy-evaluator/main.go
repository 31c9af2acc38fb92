// Command policy-evaluator says which connections a set of NetworkPolicies allows: a document with policies and
// connections on standard input, on standard output one verdict for each connection, in their order.
//
// The judgement is that of cyclonus, whose model of the API's semantics its authors hold against real clusters. It
// knows the API alone: not what a network plugin does with a Service's address, and not whether one enforces anything.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/mattfenwick/cyclonus/pkg/matcher"
	networking "k8s.io/api/networking/v1"
)

type question struct {
	Policies    []*networking.NetworkPolicy
	Connections []*matcher.Traffic
}

type verdict struct {
	// Whether the source may send it, and whether the destination may take it; a connection needs both.
	Egress, Ingress bool
}

func main() {
	if err := answer(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func answer() error {
	input := json.NewDecoder(os.Stdin)
	// A field that is misspelt would otherwise be a question about something else.
	input.DisallowUnknownFields()
	var asked question
	if err := input.Decode(&asked); err != nil {
		return fmt.Errorf("the question cannot be read: %w", err)
	}
	policy := matcher.BuildNetworkPolicies(false, asked.Policies)
	verdicts := make([]verdict, len(asked.Connections))
	for i, connection := range asked.Connections {
		allowed := policy.IsTrafficAllowed(connection)
		verdicts[i] = verdict{Egress: allowed.Egress.IsAllowed(), Ingress: allowed.Ingress.IsAllowed()}
	}
	return json.NewEncoder(os.Stdout).Encode(verdicts)
}
