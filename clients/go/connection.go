package tagvisor

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/url"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"

	kvmv1 "tagvisor.dev/go/gen/kvm/v1"
)

const (
	connectTimeout = 5 * time.Second
	closeTimeout   = 5 * time.Second
	// windowSize is large enough that a copy in bulk does not wait for the network.
	windowSize = 8 << 20
	// maxMessageSize is room for the answer to a list of calls that read.
	maxMessageSize = 64 << 20
)

// Options are ways to reach a server that differ from the usual.
type Options struct {
	// Token is the bearer token, where the server asks for one.
	Token string
	// TLS encrypts; an address https://… does so with the system's authorities.
	TLS *tls.Config
	// NoRules does without the rule behind each failure, which costs a round trip each.
	NoRules bool
	// Dial are further options of gRPC.
	Dial []grpc.DialOption
}

// Services are the generated stubs.
type Services struct {
	Syscalls kvmv1.SyscallServiceClient
	Kvm      kvmv1.KvmServiceClient
	Memory   kvmv1.MemoryServiceClient
	Inspect  kvmv1.InspectServiceClient
}

// Client is a connection to a server.
type Client struct {
	// Services has the stubs of all that has no method here.
	Services Services

	conn    *grpc.ClientConn
	noRules bool
}

// bearer authenticates each call.
type bearer string

func (b bearer) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Bearer " + string(b)}, nil
}

func (bearer) RequireTransportSecurity() bool { return false }

// Connect connects to a server: "host:port", "https://host:port" or "unix:/path". It waits until the server answers,
// for five seconds where the context has no deadline.
func Connect(ctx context.Context, address string, options ...Options) (*Client, error) {
	var o Options
	for _, given := range options {
		o = given
	}
	target, config := parseAddress(address, o.TLS)
	creds := insecure.NewCredentials()
	if config != nil {
		creds = credentials.NewTLS(config)
	}
	dial := []grpc.DialOption{
		grpc.WithTransportCredentials(creds),
		grpc.WithInitialWindowSize(windowSize),
		grpc.WithInitialConnWindowSize(windowSize),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessageSize)),
	}
	if o.Token != "" {
		dial = append(dial, grpc.WithPerRPCCredentials(bearer(o.Token)))
	}
	conn, err := grpc.NewClient(target, append(dial, o.Dial...)...)
	if err != nil {
		return nil, err
	}
	if err := waitReady(ctx, conn); err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("no tagvisor answers at %s: %w", address, err)
	}
	return &Client{
		Services: Services{
			Syscalls: kvmv1.NewSyscallServiceClient(conn),
			Kvm:      kvmv1.NewKvmServiceClient(conn),
			Memory:   kvmv1.NewMemoryServiceClient(conn),
			Inspect:  kvmv1.NewInspectServiceClient(conn),
		},
		conn:    conn,
		noRules: o.NoRules,
	}, nil
}

// parseAddress returns what gRPC calls the address: a URL's scheme says whether to encrypt.
func parseAddress(address string, config *tls.Config) (string, *tls.Config) {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") {
		return address, config
	}
	if u.Scheme == "https" && config == nil {
		config = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	return u.Host, config
}

func waitReady(ctx context.Context, conn *grpc.ClientConn) error {
	if _, limited := ctx.Deadline(); !limited {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, connectTimeout)
		defer cancel()
	}
	for {
		conn.Connect()
		state := conn.GetState()
		if state == connectivity.Ready {
			return nil
		}
		if !conn.WaitForStateChange(ctx, state) {
			return ctx.Err()
		}
	}
}

// Spawn is what kind of process to start.
type Spawn struct {
	// Kernel is seed-v10, 5.14, 6.1, 6.12 or 7.1; the server's default where it is left out.
	Kernel string
	// Labels are words to recognize it by.
	Labels map[string]string
	// LeaseSeconds are what it outlives a client that has gone silent.
	LeaseSeconds uint32
}

// Spawn starts an emulated process.
func (c *Client) Spawn(ctx context.Context, spawn Spawn) (*Process, error) {
	answer, err := c.Services.Syscalls.Spawn(ctx, &kvmv1.SpawnRequest{
		Kernel: spawn.Kernel, Labels: spawn.Labels, LeaseSeconds: spawn.LeaseSeconds,
	})
	if err != nil {
		return nil, err
	}
	return newProcess(c, answer.Process, answer.Pid, answer.Kernel), nil
}

// Attach gives a process that exists already, by its handle.
func (c *Client) Attach(ctx context.Context, handle uint64) (*Process, error) {
	processes, err := c.Processes(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range processes {
		if p.Process == handle {
			return newProcess(c, handle, p.Pid, p.Kernel), nil
		}
	}
	// It is not ours, or not there: the server knows which.
	if _, err := c.Services.Syscalls.Renew(ctx, &kvmv1.RenewRequest{Process: handle}); err != nil {
		return nil, err
	}
	return newProcess(c, handle, 0, ""), nil
}

// Processes returns the processes that belong to this client's token, oldest first.
func (c *Client) Processes(ctx context.Context) ([]*kvmv1.Process, error) {
	answer, err := c.Services.Inspect.Processes(ctx, &kvmv1.ProcessesRequest{})
	return answer.GetProcesses(), err
}

// Kernels returns the kernels that a process can run under, with everything in which they differ.
func (c *Client) Kernels(ctx context.Context) ([]*kvmv1.Kernel, error) {
	answer, err := c.Services.Inspect.Kernels(ctx, &kvmv1.KernelsRequest{})
	return answer.GetKernels(), err
}

// Close closes the connection. Processes that did not exit live on for their lease.
func (c *Client) Close() error { return c.conn.Close() }

// closing is the context of what is closed without one.
func closing() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), closeTimeout)
}
