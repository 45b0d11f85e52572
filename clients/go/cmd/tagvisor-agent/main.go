//go:build linux && (amd64 || arm64)

// Command tagvisor-agent serves the system calls of kvm.v1 over the Linux kernel that it runs on.
package main

import (
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"tagvisor.dev/go/internal/agent"
)

const unixPrefix = "unix:"

// paths is an option that can be given more than once.
type paths []string

func (f *paths) String() string { return strings.Join(*f, ",") }
func (f *paths) Set(value string) error {
	*f = append(*f, value)
	return nil
}

type options struct {
	listen           string
	insecure         bool
	cert, key, token string
	files, devices   paths
	debug            bool
	grace            time.Duration
	limits           agent.Limits
}

func parse(args []string) (options, error) {
	o := options{limits: agent.DefaultLimits}
	var memory string
	flags := flag.NewFlagSet("tagvisor-agent", flag.ContinueOnError)
	flags.StringVar(&o.listen, "listen", "127.0.0.1:50051", "`address`: HOST:PORT or unix:PATH; port 0 takes a free one")
	flags.BoolVar(&o.insecure, "insecure-listen", false, "listen beyond the loopback without TLS and tokens, as inside a virtual machine")
	flags.StringVar(&o.cert, "tls-cert", "", "certificate chain in PEM, a `file`; with --tls-key")
	flags.StringVar(&o.key, "tls-key", "", "private key in PEM, a `file`")
	flags.StringVar(&o.token, "token-file", "", "bearer tokens, a line each: PRINCIPAL TOKEN; a `file`")
	flags.Var(&o.files, "files", "a `folder` under which clients may open files; can be repeated")
	flags.Var(&o.devices, "device", "a `device` that clients may open, beside /dev/kvm, /dev/null and /dev/zero; can be repeated")
	flags.IntVar(&o.limits.Processes, "max-processes", o.limits.Processes, "`number` of processes of all clients")
	flags.StringVar(&memory, "max-process-memory", "64G", "address space of one process, and the size of its files; 0 for no limit")
	flags.Uint64Var(&o.limits.CPUSeconds, "max-process-cpu", o.limits.CPUSeconds, "CPU `seconds` of one process; 0 for no limit")
	flags.DurationVar(&o.limits.Lease, "lease", o.limits.Lease, "how long a process lives that nothing names")
	flags.DurationVar(&o.limits.MaxLease, "max-lease", o.limits.MaxLease, "the longest lease that Spawn gives")
	flags.DurationVar(&o.grace, "grace", 5*time.Second, "how long open calls may take to end when the agent stops")
	flags.BoolVar(&o.debug, "debug", false, "log the beginning and the end of every process")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unknown argument %q", flags.Arg(0))
	}
	var err error
	o.limits.Memory, err = parseSize(memory)
	return o, err
}

// parseSize reads a number of bytes, with K, M, G or T.
func parseSize(text string) (uint64, error) {
	var size uint64
	var unit string
	if n, _ := fmt.Sscanf(text, "%d%s", &size, &unit); n == 0 {
		return 0, fmt.Errorf("--max-process-memory: %q is no size", text)
	}
	shift, ok := map[string]uint{"": 0, "K": 10, "M": 20, "G": 30, "T": 40}[unit]
	if !ok {
		return 0, fmt.Errorf("--max-process-memory: %q is no size", text)
	}
	return size << shift, nil
}

// secured refuses an address that other computers can reach, unless callers are known there.
func (o options) secured() error {
	if (o.cert == "") != (o.key == "") {
		return errors.New("--tls-cert and --tls-key belong together")
	}
	if strings.HasPrefix(o.listen, unixPrefix) || o.insecure || (o.cert != "" && o.token != "") {
		return nil
	}
	host, _, err := net.SplitHostPort(o.listen)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	if ip := net.ParseIP(host); host == "localhost" || (ip != nil && ip.IsLoopback()) {
		return nil
	}
	return fmt.Errorf("--listen: %s can be reached from other computers; that takes --tls-cert, --tls-key and --token-file "+
		"(or --insecure-listen, in a network that you trust)", o.listen)
}

func (o options) certificate() (*tls.Certificate, error) {
	if o.cert == "" {
		return nil, nil
	}
	certificate, err := tls.LoadX509KeyPair(o.cert, o.key)
	return &certificate, err
}

func (o options) tokens() (agent.Tokens, error) {
	if o.token == "" {
		return nil, nil
	}
	text, err := os.ReadFile(o.token)
	if err != nil {
		return nil, err
	}
	tokens, err := agent.ParseTokens(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.token, err)
	}
	return tokens, nil
}

// bind listens; the address is as clients dial it. A socket is its owner's alone, and takes the place of one left behind.
func (o options) bind() (net.Listener, string, error) {
	path, isUnix := strings.CutPrefix(o.listen, unixPrefix)
	if !isUnix {
		listener, err := net.Listen("tcp", o.listen)
		if err != nil {
			return nil, "", err
		}
		return listener, listener.Addr().String(), nil
	}
	if connection, err := net.Dial("unix", path); err == nil {
		_ = connection.Close()
		return nil, "", fmt.Errorf("--listen: somebody serves at %s", path)
	}
	if info, err := os.Stat(path); err == nil && info.Mode()&fs.ModeSocket != 0 {
		_ = os.Remove(path)
	}
	old := syscall.Umask(0o177)
	listener, err := net.Listen("unix", path)
	syscall.Umask(old)
	return listener, o.listen, err
}

func run(args []string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	if err := o.secured(); err != nil {
		return err
	}
	if o.debug {
		slog.SetLogLoggerLevel(slog.LevelDebug)
	}
	certificate, err := o.certificate()
	if err != nil {
		return err
	}
	tokens, err := o.tokens()
	if err != nil {
		return err
	}
	host, err := agent.NewHost(o.limits, o.files, o.devices)
	if err != nil {
		return err
	}
	listener, address, err := o.bind()
	if err != nil {
		return err
	}
	server := agent.NewServer(host, certificate, tokens)
	stopped := make(chan struct{})
	ends := make(chan os.Signal, 1)
	signal.Notify(ends, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-ends
		server.Stop(o.grace)
		close(stopped)
	}()
	fmt.Printf("kernel %s (%s)\nlistening on %s\n", host.Kernel(), host.Release, address)
	if err := server.Serve(listener); err != nil {
		return err
	}
	<-stopped
	return nil
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "tagvisor-agent:", err)
			os.Exit(1)
		}
	}
}
