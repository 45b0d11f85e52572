//go:build linux && (amd64 || arm64)

package main

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestSecured(t *testing.T) {
	known := []string{"--tls-cert", "c", "--tls-key", "k", "--token-file", "t"}
	for _, row := range []struct {
		listen  string
		more    []string
		refused string
	}{
		{"127.0.0.1:1", nil, ""},
		{"[::1]:1", nil, ""},
		{"localhost:1", nil, ""},
		{"unix:/run/agent", nil, ""},
		{"0.0.0.0:1", nil, "can be reached"},
		{":1", nil, "can be reached"},
		{"example.org:1", known[:4], "can be reached"},
		{"example.org:1", known, ""},
		{"0.0.0.0:1", []string{"--insecure-listen"}, ""},
		{"127.0.0.1:1", known[:2], "belong together"},
		{"nowhere", nil, "missing port"},
	} {
		o, err := parse(append([]string{"--listen", row.listen}, row.more...))
		if err != nil {
			t.Fatal(err)
		}
		err = o.secured()
		if (err == nil) != (row.refused == "") || (err != nil && !strings.Contains(err.Error(), row.refused)) {
			t.Errorf("%s %v: %v", row.listen, row.more, err)
		}
	}
}

func TestParse(t *testing.T) {
	for text, size := range map[string]uint64{"0": 0, "512": 512, "4K": 4 << 10, "64G": 64 << 30, "1T": 1 << 40} {
		if got, err := parseSize(text); got != size || err != nil {
			t.Errorf("%s: %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "G", "1X", "-1"} {
		if got, err := parseSize(text); err == nil {
			t.Errorf("%q is %d", text, got)
		}
	}
	if _, err := parse([]string{"serve"}); err == nil {
		t.Error("an unknown argument is taken")
	}
}

// A socket that was left behind is replaced; one that somebody listens on, and a file, are not.
func TestBind(t *testing.T) {
	o := options{listen: unixPrefix + filepath.Join(t.TempDir(), "socket")}
	first, address, err := o.bind()
	if err != nil || address != o.listen {
		t.Fatal(address, err)
	}
	defer first.Close()
	if _, _, err := o.bind(); err == nil {
		t.Error("two listen on one socket")
	}
}
