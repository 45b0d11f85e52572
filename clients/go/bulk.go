package tagvisor

import (
	"context"
	"fmt"
	"io"
	"sync"

	kvmv1 "tagvisor.dev/go/gen/kvm/v1"
	"tagvisor.dev/go/uapi"
)

// chunkSize is how many bytes a message of a copy carries.
const chunkSize = 1 << 20

// maxFree are the buffers that a writer keeps for later chunks.
const maxFree = 8

// chunk is a message that was read, or with no data the answer to one that was written.
type chunk struct {
	ret   int64
	errno kvmv1.Errno
	data  []byte
}

// writeStream is a stream of either kind to the server.
type writeStream struct {
	send      func(first bool, address uint64, data []byte) error
	recv      func() (chunk, error)
	closeSend func() error
}

// copying is a copy in bulk of either kind.
type copying struct {
	process *Process
	start   uint64
	// scale is how many bytes of memory one byte of payload is for.
	scale uint64
	call  call
	read  func(ctx context.Context, address, length uint64) (func() (chunk, error), error)
	write func(ctx context.Context) (*writeStream, error)
}

func (c *copying) failure(ctx context.Context, errno uapi.Errno, done uint64) error {
	e := c.process.caller.failure(ctx, c.call, errno)
	e.Completed = done
	return e
}

func memoryCopy(p *Process, address uint64, call call) copying {
	memory := p.client.Services.Memory
	return copying{
		process: p, start: address, scale: 1, call: call,
		read: func(ctx context.Context, address, length uint64) (func() (chunk, error), error) {
			request := &kvmv1.ReadMemoryRequest{Process: p.Handle, Address: address, Length: length}
			stream, err := memory.ReadMemory(ctx, request)
			if err != nil {
				return nil, err
			}
			return func() (chunk, error) {
				m, err := stream.Recv()
				return chunk{m.GetRet(), m.GetError(), m.GetData()}, err
			}, nil
		},
		write: func(ctx context.Context) (*writeStream, error) {
			stream, err := memory.WriteMemory(ctx)
			if err != nil {
				return nil, err
			}
			return &writeStream{
				send: func(first bool, address uint64, data []byte) error {
					request := &kvmv1.WriteMemoryRequest{Address: address, Data: data}
					if first {
						request.Process = p.Handle
					}
					return stream.Send(request)
				},
				recv: func() (chunk, error) {
					m, err := stream.Recv()
					return chunk{m.GetRet(), m.GetError(), nil}, err
				},
				closeSend: stream.CloseSend,
			}, nil
		},
	}
}

func tagCopy(v *Vm, ipa uint64) copying {
	p, fd := v.Process, v.Fd
	memory := p.client.Services.Memory
	return copying{
		process: p, start: ipa, scale: 16, call: ioctlCall(v, uapi.KVM_ARM_MTE_COPY_TAGS, Num(0)),
		read: func(ctx context.Context, address, length uint64) (func() (chunk, error), error) {
			request := &kvmv1.ReadTagsRequest{Process: p.Handle, Fd: fd, GuestIpa: address, Length: length}
			stream, err := memory.ReadTags(ctx, request)
			if err != nil {
				return nil, err
			}
			return func() (chunk, error) {
				m, err := stream.Recv()
				return chunk{m.GetRet(), m.GetError(), m.GetTags()}, err
			}, nil
		},
		write: func(ctx context.Context) (*writeStream, error) {
			stream, err := memory.WriteTags(ctx)
			if err != nil {
				return nil, err
			}
			return &writeStream{
				send: func(first bool, address uint64, data []byte) error {
					request := &kvmv1.WriteTagsRequest{GuestIpa: address, Tags: data}
					if first {
						request.Process, request.Fd = p.Handle, fd
					}
					return stream.Send(request)
				},
				recv: func() (chunk, error) {
					m, err := stream.Recv()
					return chunk{m.GetRet(), m.GetError(), nil}, err
				},
				closeSend: stream.CloseSend,
			}, nil
		},
	}
}

// Reader streams memory or tags. Where they end early it returns an *Error, once what could be read is out.
type Reader struct {
	copying
	ctx    context.Context
	cancel context.CancelFunc
	length uint64
	done   uint64
	recv   func() (chunk, error)
	// opened is done as it was when the stream opened, plus 1.
	opened uint64
	rest   []byte
	err    error
}

func newReader(ctx context.Context, c copying, length uint64) *Reader {
	ctx, cancel := context.WithCancel(ctx)
	return &Reader{copying: c, ctx: ctx, cancel: cancel, length: length}
}

// Next returns the next chunk as it came, or io.EOF.
func (r *Reader) Next() ([]byte, error) {
	if data := r.rest; len(data) > 0 {
		r.rest = nil
		return data, nil
	}
	if r.err != nil {
		return nil, r.err
	}
	data, err := r.next()
	if err != nil {
		r.err = err
		r.cancel()
	}
	return data, err
}

func (r *Reader) next() ([]byte, error) {
	for r.done < r.length {
		if r.recv == nil {
			if err := r.open(); err != nil {
				return nil, err
			}
		}
		c, err := r.recv()
		if err == io.EOF {
			// A short chunk ends the stream without an error: the next one, from where it stopped, tells why.
			r.recv = nil
			continue
		}
		if err != nil {
			return nil, orContext(r.ctx, err)
		}
		if c.errno != 0 {
			return nil, r.failure(r.ctx, errnoOf(c.errno), r.done)
		}
		r.done += uint64(c.ret)
		return c.data[:uint64(c.ret)/r.scale], nil
	}
	return nil, io.EOF
}

func (r *Reader) open() (err error) {
	if r.opened == r.done+1 {
		return fmt.Errorf("the server ended the copy after %d of %d bytes, without a reason", r.done, r.length)
	}
	r.opened = r.done + 1
	r.recv, err = r.read(r.ctx, r.start+r.done, r.length-r.done)
	return err
}

// Read is for use as an io.Reader.
func (r *Reader) Read(p []byte) (int, error) {
	data, err := r.Next()
	n := copy(p, data)
	r.rest = data[n:]
	return n, err
}

// WriteTo writes all the chunks to w.
func (r *Reader) WriteTo(w io.Writer) (int64, error) {
	var total int64
	for {
		data, err := r.Next()
		if err == io.EOF {
			return total, nil
		}
		if err != nil {
			return total, err
		}
		n, err := w.Write(data)
		total += int64(n)
		if err != nil {
			return total, err
		}
	}
}

// Close ends the copy; it is not needed after the last byte or an error.
func (r *Reader) Close() error {
	r.cancel()
	return nil
}

// Writer streams to memory or tags. Close sends what is left and tells whether all arrived; an *Error says how much
// did. The end of the context ends the copy.
type Writer struct {
	copying
	ctx    context.Context
	cancel context.CancelFunc
	stream *writeStream
	buffer []byte
	sent   uint64
	free   chan []byte
	ended  chan struct{}
	closed bool
	result error

	mu         sync.Mutex
	unanswered []sentChunk
	done       uint64
	errno      uapi.Errno
	short      []byte
	err        error
}

type sentChunk struct {
	data []byte
	// own chunks are the writer's to use again.
	own bool
}

func newWriter(ctx context.Context, c copying) *Writer {
	ctx, cancel := context.WithCancel(ctx)
	return &Writer{copying: c, ctx: ctx, cancel: cancel, free: make(chan []byte, maxFree), ended: make(chan struct{})}
}

// Done returns how many bytes of memory are done.
func (w *Writer) Done() uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.done
}

// Write is for use as an io.Writer; it keeps nothing of p.
func (w *Writer) Write(p []byte) (int, error) {
	total := len(p)
	for len(p) > 0 {
		w.room()
		n := min(len(p), chunkSize-len(w.buffer))
		w.buffer = append(w.buffer, p[:n]...)
		p = p[n:]
		if err := w.flush(chunkSize); err != nil {
			return total - len(p), err
		}
	}
	return total, nil
}

// ReadFrom sends all that r has.
func (w *Writer) ReadFrom(r io.Reader) (int64, error) {
	var total int64
	for {
		w.room()
		n, err := r.Read(w.buffer[len(w.buffer):chunkSize])
		w.buffer = w.buffer[:len(w.buffer)+n]
		total += int64(n)
		if failed := w.flush(chunkSize); failed != nil {
			return total, failed
		}
		if err == io.EOF {
			return total, nil
		}
		if err != nil {
			return total, err
		}
	}
}

// room makes a buffer where there is none.
func (w *Writer) room() {
	if w.buffer != nil {
		return
	}
	select {
	case w.buffer = <-w.free:
	default:
		w.buffer = make([]byte, 0, chunkSize)
	}
}

// flush sends the buffer where it has so many bytes.
func (w *Writer) flush(least int) error {
	if len(w.buffer) < least {
		return nil
	}
	data := w.buffer
	w.buffer = nil
	return w.send(sentChunk{data, true})
}

// writeAll writes bytes that stay as they are until it is done, and closes.
func (w *Writer) writeAll(data []byte) error {
	for len(data) > 0 {
		n := min(len(data), chunkSize)
		if err := w.send(sentChunk{data[:n], false}); err != nil {
			return err
		}
		data = data[n:]
	}
	return w.Close()
}

func (w *Writer) send(c sentChunk) error {
	if w.closed {
		return io.ErrClosedPipe
	}
	first := w.stream == nil
	if first {
		stream, err := w.write(w.ctx)
		if err != nil {
			return w.abandon(err)
		}
		w.stream = stream
		go w.answers()
	}
	w.mu.Lock()
	w.unanswered = append(w.unanswered, c)
	w.mu.Unlock()
	address := w.start + w.sent
	w.sent += uint64(len(c.data)) * w.scale
	if err := w.stream.send(first, address, c.data); err != nil {
		return w.Close()
	}
	return nil
}

// abandon is what becomes of a copy whose stream could not open.
func (w *Writer) abandon(err error) error {
	w.closed, w.result = true, orContext(w.ctx, err)
	w.cancel()
	return w.result
}

func (w *Writer) answers() {
	defer close(w.ended)
	for {
		c, err := w.stream.recv()
		if err != nil {
			if err != io.EOF {
				w.err = orContext(w.ctx, err)
			}
			return
		}
		w.answered(c)
	}
}

func (w *Writer) answered(c chunk) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var sent sentChunk
	if len(w.unanswered) > 0 {
		sent, w.unanswered = w.unanswered[0], w.unanswered[1:]
	}
	if c.errno != 0 {
		w.errno = errnoOf(c.errno)
		return
	}
	w.done += uint64(c.ret)
	if n := uint64(c.ret) / w.scale; n < uint64(len(sent.data)) {
		w.short = sent.data[n:]
	} else if sent.own {
		select {
		case w.free <- sent.data[:0]:
		default:
		}
	}
}

// Close sends what is left, and waits until all is answered.
func (w *Writer) Close() error {
	if w.closed {
		return w.result
	}
	if err := w.flush(1); err != nil || w.closed {
		return err
	}
	w.closed = true
	defer w.cancel()
	if w.stream == nil {
		return nil
	}
	_ = w.stream.closeSend()
	<-w.ended
	w.result = w.outcome()
	return w.result
}

// outcome is the copy's error. A chunk that is done in part ends the stream without one: what is left of it tells why.
func (w *Writer) outcome() error {
	if w.err != nil {
		return w.err
	}
	if w.short == nil && w.errno == 0 {
		if w.done < w.sent {
			return fmt.Errorf("the server ended the copy after %d of %d bytes, without a reason", w.done, w.sent)
		}
		return nil
	}
	errno, rest := w.errno, w.short
	for errno == 0 && len(rest) > 0 {
		next := w.copying
		next.start += w.done
		again := newWriter(w.ctx, next)
		_ = again.send(sentChunk{rest, false})
		// Its own outcome is not asked for, which would try again without end.
		again.closed = true
		_ = again.stream.closeSend()
		<-again.ended
		if again.err != nil {
			return again.err
		}
		w.done += again.done
		errno, rest = again.errno, again.short
		if again.done == 0 {
			break
		}
	}
	if errno == 0 {
		errno = uapi.EFAULT
	}
	return w.failure(w.ctx, errno, w.done)
}
