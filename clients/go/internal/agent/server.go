//go:build linux && (amd64 || arm64)

package agent

import (
	"crypto/tls"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/reflection"

	kvmv1 "tagvisor.dev/go/gen/kvm/v1"
)

const (
	// receiveWindow is how far a client may be ahead of what was read, in bytes.
	receiveWindow = 8 << 20
	keepaliveTime = 10 * time.Second
)

// Server serves a host's processes.
type Server struct {
	grpc   *grpc.Server
	health *health.Server
	all    *sessions
}

// NewServer makes a server; without tokens everybody may call, and all are one principal.
func NewServer(host *Host, certificate *tls.Certificate, tokens Tokens) *Server {
	options := []grpc.ServerOption{
		grpc.MaxRecvMsgSize(host.limits.MessageBytes),
		grpc.InitialWindowSize(receiveWindow),
		grpc.InitialConnWindowSize(receiveWindow),
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: keepaliveTime, Timeout: keepaliveTime}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: time.Second, PermitWithoutStream: true}),
	}
	if certificate != nil {
		options = append(options, grpc.Creds(credentials.NewServerTLSFromCert(certificate)))
	}
	if tokens != nil {
		options = append(options, grpc.UnaryInterceptor(tokens.unary), grpc.StreamInterceptor(tokens.stream))
	}
	s := &Server{grpc: grpc.NewServer(options...), health: health.NewServer(), all: newSessions(host)}
	kvmv1.RegisterSyscallServiceServer(s.grpc, &syscallService{all: s.all})
	kvmv1.RegisterMemoryServiceServer(s.grpc, &memoryService{all: s.all})
	healthv1.RegisterHealthServer(s.grpc, s.health)
	for name := range s.grpc.GetServiceInfo() {
		s.health.SetServingStatus(name, healthv1.HealthCheckResponse_SERVING)
	}
	reflection.Register(s.grpc)
	return s
}

// Serve answers calls until Stop.
func (s *Server) Serve(listener net.Listener) error { return s.grpc.Serve(listener) }

// Stop interrupts the calls that sleep, gives those that are open the time to end, and ends all processes.
func (s *Server) Stop(grace time.Duration) {
	s.health.Shutdown()
	timer := time.AfterFunc(grace, s.grpc.Stop)
	defer timer.Stop()
	for _, session := range s.all.list() {
		session.process.signal()
	}
	s.grpc.GracefulStop()
	s.all.close()
}
