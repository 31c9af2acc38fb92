// Package ext stands for a module that Traefik's own go.mod replaces by a folder of its repository, which is in no
// package registry. Traefik embeds these types, empty in the free edition, into what its providers make.
package ext

// HTTP adds nothing to a configuration.
type HTTP struct{}

// Router adds nothing to a router.
type Router struct{}

// RouterIng adds nothing to what is read from an Ingress's annotations.
type RouterIng struct{}

// ToRouter is nothing either.
func (RouterIng) ToRouter() Router { return Router{} }
