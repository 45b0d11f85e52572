//go:build linux && (amd64 || arm64)

package agent

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The tables of bytes are what the assembler makes of child/child_ARCH.S, and what the disassembler reads in it.
func TestCode(t *testing.T) {
	for _, arch := range []string{"amd64", "arm64"} {
		made := filepath.Join(t.TempDir(), "code.go")
		output, err := exec.Command("child/generate.sh", arch, made).CombinedOutput()
		var exit *exec.ExitError
		if errors.As(err, &exit) && exit.ExitCode() == 77 {
			t.Logf("left out: %s", output)
			continue
		}
		if err != nil {
			t.Fatalf("%v: %s", err, output)
		}
		expected, err := os.ReadFile(made)
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile("code_" + arch + ".go")
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(expected) {
			t.Errorf("code_%s.go is not up to date: run child/generate.sh", arch)
		}
	}
}
