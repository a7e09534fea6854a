// Package plugin makes wakervet a module plugin of golangci-lint. In .custom-gcl.yml:
//
//	version: v2.15.0
//	plugins:
//	  - module: github.com/rouse-go/rouse/wakervet
//	    import: github.com/rouse-go/rouse/wakervet/plugin
//	    version: latest
//
// then golangci-lint custom, and in .golangci.yml enable the linter wakervet with
// the setting type: module. The setting disable lists checks to leave out.
package plugin

import (
	"fmt"
	"slices"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/rouse-go/rouse/wakervet"
)

func init() { register.Plugin("wakervet", New) }

// Settings are what a configuration may set.
type Settings struct {
	Disable []string `json:"disable"`
}

type plugin struct{ analyzers []*analysis.Analyzer }

// New returns the plugin, as golangci-lint's register package wants it.
func New(conf any) (register.LinterPlugin, error) {
	s, err := register.DecodeSettings[Settings](conf)
	if err != nil {
		return nil, fmt.Errorf("wakervet: %w", err)
	}
	all := wakervet.Analyzers()
	for _, name := range s.Disable {
		at := slices.IndexFunc(all, func(a *analysis.Analyzer) bool { return a.Name == name })
		if at < 0 {
			return nil, fmt.Errorf("wakervet: settings: disable: unknown check %q", name)
		}
		all = slices.Delete(all, at, at+1)
	}
	return plugin{all}, nil
}

func (p plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) { return p.analyzers, nil }

func (p plugin) GetLoadMode() string { return register.LoadModeTypesInfo }
