package tagvisor

import (
	"context"
	"sync"

	kvmv1 "tagvisor.dev/go/gen/kvm/v1"
	"tagvisor.dev/go/uapi"
)

// scratchSize is the least that is mapped for buffers at which structs point.
const scratchSize = 64 << 10

// caller makes the calls of one process, and explains their failures.
type caller struct {
	pipeline pipeline
	rules    *rules

	mu      sync.Mutex
	scratch struct{ address, size uint64 }
}

func newCaller(services *Services, process uint64, withRules bool) *caller {
	c := &caller{pipeline: pipeline{syscalls: services.Syscalls, process: process}}
	if withRules {
		c.rules = &rules{inspect: services.Inspect, process: process}
	}
	return c
}

// do makes one call; an *Error says why it failed.
func (c *caller) do(ctx context.Context, call call) (*kvmv1.SyscallResult, error) {
	results, err := c.pipeline.submit(ctx, newList(call))
	if err != nil {
		return nil, err
	}
	return results[0], c.check(ctx, call, results[0].Error)
}

// ret makes a call whose answer is its result.
func (c *caller) ret(ctx context.Context, call call) (int64, error) {
	result, err := c.do(ctx, call)
	if err != nil {
		return -1, err
	}
	return result.Ret, nil
}

// data makes a call that answers bytes.
func (c *caller) data(ctx context.Context, call call) ([]byte, error) {
	result, err := c.do(ctx, call)
	if err != nil {
		return nil, err
	}
	return result.Data, nil
}

func (c *caller) check(ctx context.Context, call call, errno kvmv1.Errno) error {
	if errno == 0 {
		return nil
	}
	return c.failure(ctx, call, errnoOf(errno))
}

// failure is the error of a call that failed, with the rule that refused it.
func (c *caller) failure(ctx context.Context, call call, errno uapi.Errno) *Error {
	e := &Error{Call: call.name(), Errno: errno}
	if c.rules != nil {
		e.Rule = c.rules.find(ctx, call, errno)
	}
	return e
}

// withBuffer makes a request whose struct points at a buffer: before stands there first, and what stands there
// afterwards is returned. All requests share one buffer, as each is a list that nothing comes between.
func (c *caller) withBuffer(
	ctx context.Context, size int, before []byte, request func(address uint64) call,
) ([]byte, error) {
	address, err := c.scratchArea(ctx, uint64(size))
	if err != nil {
		return nil, err
	}
	calls := []call{request(address), readvCall(Num(address), uint64(size))}
	if before != nil {
		calls = append([]call{writevCall(Num(address), before)}, calls...)
	}
	messages := make([]*kvmv1.Syscall, len(calls))
	for i := range calls {
		messages[i] = calls[i].message
	}
	results, err := c.pipeline.submit(ctx, &list{calls: messages, stopAtError: true})
	if err != nil {
		return nil, err
	}
	for i, result := range results {
		if err := c.check(ctx, calls[i], result.Error); err != nil {
			return nil, err
		}
	}
	return results[len(results)-1].Data, nil
}

func (c *caller) scratchArea(ctx context.Context, size uint64) (uint64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.scratch.size >= size {
		return c.scratch.address, nil
	}
	size = max(size, scratchSize)
	address, err := c.ret(ctx, mmapCall(Map{Length: size}))
	if err != nil {
		return 0, err
	}
	c.scratch.address, c.scratch.size = uint64(address), size
	return c.scratch.address, nil
}

// succeeds tells whether a call succeeds that is only asked for that.
func (c *caller) succeeds(ctx context.Context, call call) (bool, error) {
	results, err := c.pipeline.submit(ctx, newList(call))
	if err != nil {
		return false, err
	}
	return results[0].Error == 0, nil
}
