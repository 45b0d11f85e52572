//go:build linux && (amd64 || arm64)

package agent

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"regexp"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// anyone is the principal of every caller of an agent that knows no tokens.
const anyone = "anyone"

type principalKey struct{}

func principalOf(ctx context.Context) string {
	if principal, ok := ctx.Value(principalKey{}).(string); ok {
		return principal
	}
	return anyone
}

// Tokens are the principals of bearer tokens, by the token's SHA-256.
type Tokens map[[sha256.Size]byte]string

// ParseTokens reads a token file: a line is `PRINCIPAL TOKEN`; empty lines and those that start with # don't count.
func ParseTokens(text string) (Tokens, error) {
	tokens := Tokens{}
	for i, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if len(words) != 2 {
			return nil, fmt.Errorf("line %d: expected \"PRINCIPAL TOKEN\"", i+1)
		}
		digest := sha256.Sum256([]byte(words[1]))
		if tokens[digest] != "" {
			return nil, fmt.Errorf("line %d: the token stands twice", i+1)
		}
		tokens[digest] = words[0]
	}
	if len(tokens) == 0 {
		return nil, fmt.Errorf("no token in it")
	}
	return tokens, nil
}

var bearer = regexp.MustCompile(`(?i)^Bearer (.+)$`)

// admit names the caller in the context, or answers UNAUTHENTICATED. All tokens are compared, each in constant time.
func (tokens Tokens) admit(ctx context.Context) (context.Context, error) {
	header := strings.Join(metadata.ValueFromIncomingContext(ctx, "authorization"), "")
	presented := bearer.FindStringSubmatch(header)
	if presented == nil {
		return nil, status.Error(codes.Unauthenticated, "the call has no bearer token")
	}
	digest := sha256.Sum256([]byte(presented[1]))
	principal := ""
	for known, name := range tokens {
		if subtle.ConstantTimeCompare(known[:], digest[:]) == 1 {
			principal = name
		}
	}
	if principal == "" {
		return nil, status.Error(codes.Unauthenticated, "the bearer token is not known")
	}
	return context.WithValue(ctx, principalKey{}, principal), nil
}

// needsToken leaves out health and reflection.
func needsToken(method string) bool { return strings.HasPrefix(method, "/kvm.v1.") }

func (tokens Tokens) unary(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if needsToken(info.FullMethod) {
		var err error
		if ctx, err = tokens.admit(ctx); err != nil {
			return nil, err
		}
	}
	return handler(ctx, request)
}

type admittedStream struct {
	grpc.ServerStream
	ctx context.Context
}

func (s admittedStream) Context() context.Context { return s.ctx }

func (tokens Tokens) stream(server any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	if needsToken(info.FullMethod) {
		ctx, err := tokens.admit(stream.Context())
		if err != nil {
			return err
		}
		stream = admittedStream{stream, ctx}
	}
	return handler(server, stream)
}
