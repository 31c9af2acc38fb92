// Command pulumi-resource-kubernetes is Pulumi's Kubernetes provider, built where its release cannot be downloaded.
package main

import "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"

const (
	version = "4.25.0"
	// Only GetSchema reads these two, which no run of a program asks for; the genuine ones are generated files
	// that the module does not hold.
	schema  = `{"name":"kubernetes","version":"` + version + `"}`
	mapping = "{}"
)

func main() {
	provider.Serve("kubernetes", version, []byte(schema), []byte(mapping))
}
