package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// list is a flag that may be given more than once.
type list []string

func (l *list) String() string         { return strings.Join(*l, " ") }
func (l *list) Set(value string) error { *l = append(*l, value); return nil }

// writePKI writes into --folder what is not there yet: a certificate authority (ca.crt, ca.key), the service
// accounts' signing key (sa.key, sa.pub), and a pair (<name>.crt, <name>.key) for each
// --server <name>=<host or address>,… and --client <name>=<common name>[,<organisation>…].
// Everything is valid for ten years: a control plane for tests has no renewal.
func writePKI(args []string) error {
	var folder string
	var servers, clients list
	flags := flag.NewFlagSet("pki", flag.ContinueOnError)
	flags.StringVar(&folder, "folder", "", "where the files are written")
	flags.Var(&servers, "server", "<name>=<host or address>,…")
	flags.Var(&clients, "client", "<name>=<common name>[,<organisation>…]")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if folder == "" || flags.NArg() > 0 {
		return errors.New("usage: pki --folder <folder> [--server …] [--client …]")
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	ca, key, err := authority(folder)
	if err != nil {
		return err
	}
	if err := serviceAccountKey(folder); err != nil {
		return err
	}
	for _, each := range servers {
		name, hosts, _ := strings.Cut(each, "=")
		certificate := template(pkix.Name{CommonName: name}, x509.ExtKeyUsageServerAuth)
		for _, host := range strings.Split(hosts, ",") {
			if ip := net.ParseIP(host); ip != nil {
				certificate.IPAddresses = append(certificate.IPAddresses, ip)
			} else {
				certificate.DNSNames = append(certificate.DNSNames, host)
			}
		}
		if err := issue(folder, name, certificate, ca, key); err != nil {
			return err
		}
	}
	for _, each := range clients {
		name, subject, _ := strings.Cut(each, "=")
		parts := strings.Split(subject, ",")
		who := pkix.Name{CommonName: parts[0], Organization: parts[1:]}
		if err := issue(folder, name, template(who, x509.ExtKeyUsageClientAuth), ca, key); err != nil {
			return err
		}
	}
	return nil
}

func template(subject pkix.Name, usage ...x509.ExtKeyUsage) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      subject,
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().AddDate(10, 0, 0),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  usage,
	}
}

func authority(folder string) (*x509.Certificate, crypto.Signer, error) {
	if pair, err := os.ReadFile(filepath.Join(folder, "ca.crt")); err == nil {
		return readAuthority(folder, pair)
	}
	ca := template(pkix.Name{CommonName: "kubernetes"})
	ca.IsCA, ca.BasicConstraintsValid = true, true
	ca.KeyUsage |= x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	return ca, key, issueWith(folder, "ca", ca, ca, key, key)
}

func readAuthority(folder string, certificate []byte) (*x509.Certificate, crypto.Signer, error) {
	text, err := os.ReadFile(filepath.Join(folder, "ca.key"))
	if err != nil {
		return nil, nil, err
	}
	block, _ := pem.Decode(certificate)
	keyBlock, _ := pem.Decode(text)
	if block == nil || keyBlock == nil {
		return nil, nil, fmt.Errorf("%s holds no certificate authority", folder)
	}
	ca, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(keyBlock.Bytes)
	if err != nil {
		return nil, nil, err
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, nil, fmt.Errorf("%s: the key cannot sign", folder)
	}
	return ca, signer, nil
}

func issue(folder, name string, certificate, ca *x509.Certificate, caKey crypto.Signer) error {
	if _, err := os.Stat(filepath.Join(folder, name+".crt")); err == nil {
		return nil
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	return issueWith(folder, name, certificate, ca, key, caKey)
}

func issueWith(folder, name string, certificate, ca *x509.Certificate, key, caKey crypto.Signer) error {
	der, err := x509.CreateCertificate(rand.Reader, certificate, ca, key.Public(), caKey)
	if err != nil {
		return err
	}
	if err := writeKey(filepath.Join(folder, name+".key"), key); err != nil {
		return err
	}
	return writePEM(filepath.Join(folder, name+".crt"), "CERTIFICATE", der, 0o644)
}

// serviceAccountKey is RSA: the clouds' issuers publish RS256 keys, and those who check tokens expect them.
func serviceAccountKey(folder string) error {
	path := filepath.Join(folder, "sa.key")
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	if err := writeKey(path, key); err != nil {
		return err
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	return writePEM(filepath.Join(folder, "sa.pub"), "PUBLIC KEY", der, 0o644)
}

func writeKey(path string, key crypto.Signer) error {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	return writePEM(path, "PRIVATE KEY", der, 0o600)
}

func writePEM(path, kind string, der []byte, mode os.FileMode) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), mode)
}
