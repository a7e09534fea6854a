package plugin

import (
	"testing"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/rouse-go/rouse/wakervet"
)

func TestRegistered(t *testing.T) {
	n := len(wakervet.Analyzers())
	for _, test := range []struct {
		settings any
		want     int
	}{
		{nil, n},
		{map[string]any{"disable": []string{"wakerleak", "refescape"}}, n - 2},
	} {
		build, err := register.GetPlugin("wakervet")
		if err != nil {
			t.Fatal(err)
		}
		p, err := build(test.settings)
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.BuildAnalyzers()
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != test.want {
			t.Errorf("settings %v: %d analyzers, want %d", test.settings, len(got), test.want)
		}
		if err := analysis.Validate(got); err != nil {
			t.Error(err)
		}
		if p.GetLoadMode() != register.LoadModeTypesInfo {
			t.Errorf("load mode is %q", p.GetLoadMode())
		}
	}
}

func TestSettingsRefused(t *testing.T) {
	for _, settings := range []any{
		map[string]any{"disable": []string{"nosuch"}},
		map[string]any{"enable": []string{"wakerleak"}},
	} {
		if _, err := New(settings); err == nil {
			t.Errorf("settings %v were accepted", settings)
		}
	}
}
