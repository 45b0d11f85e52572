package tagvisor_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"os"
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	tagvisor "tagvisor.dev/go"
	kvmv1 "tagvisor.dev/go/gen/kvm/v1"
)

// TestTokenOverTLS has a server that encrypts and asks for a token.
func TestTokenOverTLS(t *testing.T) {
	address := os.Getenv("TAGVISOR_TLS_ADDRESS")
	if address == "" {
		t.Skip("TAGVISOR_TLS_ADDRESS names no server")
	}
	authorities := x509.NewCertPool()
	authorities.AppendCertsFromPEM(must(os.ReadFile(os.Getenv("TAGVISOR_TLS_CA")))(t))
	trusting := tagvisor.Options{TLS: &tls.Config{RootCAs: authorities}}

	known := trusting
	known.Token = os.Getenv("TAGVISOR_TOKEN")
	client := must(tagvisor.Connect(t.Context(), address, known))(t)
	defer client.Close()
	process := must(client.Spawn(t.Context(), tagvisor.Spawn{Kernel: "6.12"}))(t)
	defer process.Close()
	equal(t, "version", must(must(process.OpenKvm(t.Context()))(t).GetApiVersion(t.Context()))(t), 12)
	seen := slices.ContainsFunc(must(client.Processes(t.Context()))(t), func(p *kvmv1.Process) bool {
		return p.Process == process.Handle
	})
	equal(t, "seen", seen, true)

	nobody := must(tagvisor.Connect(t.Context(), address, trusting))(t)
	defer nobody.Close()
	_, err := nobody.Spawn(t.Context(), tagvisor.Spawn{})
	equal(t, "without a token", status.Code(err), codes.Unauthenticated)

	// The system's authorities do not know who signed the certificate.
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	if _, err := tagvisor.Connect(ctx, "https://"+address); err == nil {
		t.Error("anybody's certificate is trusted")
	}
}
