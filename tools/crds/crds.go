//go:build never

// Package crds pins the modules that carry the CustomResourceDefinitions of the charts which the program installs.
// Nothing here is compiled: the modules are downloaded, and their files read (tools/module-folder.ts).
package crds

import (
	_ "github.com/cert-manager/cert-manager/pkg/apis/certmanager"
	_ "github.com/traefik/traefik/v3/pkg/version"
)
