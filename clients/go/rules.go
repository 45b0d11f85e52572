package tagvisor

import (
	"context"
	"sync"

	kvmv1 "tagvisor.dev/go/gen/kvm/v1"
	"tagvisor.dev/go/uapi"
)

// maxFailures are remembered that nobody asked about yet.
const maxFailures = 256

// rules reads on in one process's trace when a call has failed: it tells which check refused.
type rules struct {
	inspect kvmv1.InspectServiceClient
	process uint64

	mu       sync.Mutex
	since    uint64
	failures []*kvmv1.TraceEntry
}

// find returns the rule behind a call's failure, or "" where the trace does not have it any more or cannot be read.
func (r *rules) find(ctx context.Context, c call, errno uapi.Errno) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	// What could be read may do.
	_ = r.read(ctx)
	for i := len(r.failures) - 1; i >= 0; i-- {
		if entry := r.failures[i]; errnoOf(entry.Error) == errno && c.matches(entry) {
			return entry.Rule
		}
	}
	return ""
}

func (r *rules) read(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	trace, err := r.inspect.Trace(ctx, &kvmv1.TraceRequest{Process: r.process, Since: r.since})
	if err != nil {
		return err
	}
	for {
		response, err := trace.Recv()
		if err != nil {
			return err
		}
		for _, entry := range response.Entries {
			r.since = entry.Sequence
			if entry.Error != 0 {
				r.failures = append(r.failures, entry)
			}
		}
		if beyond := len(r.failures) - maxFailures; beyond > 0 {
			r.failures = append(r.failures[:0], r.failures[beyond:]...)
		}
	}
}

func (c *call) matches(entry *kvmv1.TraceEntry) bool {
	if entry.Call != c.traced {
		return false
	}
	for i, arg := range c.args {
		if arg == unknown || i >= len(entry.Args) {
			continue
		}
		switch v := entry.Args[i].Value.(type) {
		case *kvmv1.TraceArg_Number:
			if v.Number != arg {
				return false
			}
		case *kvmv1.TraceArg_Address:
			if int64(v.Address) != arg {
				return false
			}
		}
	}
	return true
}
