package main

import (
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"
)

// parts are what there is to run, the long ones first. Those of the explorer
// and of the mutants use one core each.
func parts() []*part {
	const explorer = "rouse_explore"
	if *quick {
		n := *mutants
		if n == 0 {
			n = 10
		}
		return []*part{
			{name: "mutants", note: fmt.Sprintf("a sample, seed %d, by the quick tests", *seed), items: mutantItems,
				steps: [][]string{mutate("-hasty", "-kind", "whole", "-sample", strconv.Itoa(n), "-seed", strconv.FormatUint(*seed, 10))}},
			{name: "architectures", note: "without emulators", items: []string{"architectures"},
				steps: [][]string{{"go", "run", "./proptest/internal/matrix", "-quick", "-j", "1"}}},
			{name: "scenarios", note: "the quick set", dir: "proptest/internal/scenarios", items: scenarioItems,
				apart: true, steps: inParts(4, test("./proptest/internal/scenarios", explorer))},
			{name: "executor", note: "without the large ones", dir: "examples/executor", items: executorItems, steps: [][]string{executor("-short")}},
			{name: "rules", note: "two causes for the atomic layer", items: []string{"transitions"},
				steps: [][]string{test(".", "", "-short", "-run", rules)}},
			{name: "properties", items: propertyItems, steps: [][]string{
				test(".", "", "-run", machine), test("./proptest", "", "-run", properties)}},
			{name: "histories", note: "a tenth of each", items: []string{"histories"}, steps: [][]string{histories("-short")}},
			{name: "gallery", dir: "proptest/gallery", items: galleryItems, steps: [][]string{test("./proptest/gallery", explorer)}},
			{name: "fuzz", note: "the seeds of the corpus", items: []string{"fuzz-targets"}, steps: [][]string{
				test(".", "", "-run", "^Fuzz"), test("./proptest", "", "-run", "^Fuzz")}},
			{name: "enumeration", note: "a few programs", items: []string{"small-programs"},
				steps: [][]string{test("./proptest/explore", "", "-run", enumeration)}},
			{name: "soak", items: []string{"soak-tasks"}, steps: [][]string{{"go", "run", "./proptest/internal/soak", "-for", "2s", "-tasks", "20000"}}},
		}
	}
	campaign := mutate()
	note := "those of functions that an earlier run killed, and that did not change since, are not tried again"
	if *fresh {
		campaign, note = mutate("-fresh"), ""
	}
	if *mutants > 0 {
		campaign = mutate("-sample", strconv.Itoa(*mutants), "-seed", strconv.FormatUint(*seed, 10))
		note = fmt.Sprintf("a sample, seed %d", *seed)
	}
	return []*part{
		{name: "mutants", note: note, items: mutantItems, steps: [][]string{campaign}},
		{name: "scenarios", dir: "proptest/internal/scenarios", items: scenarioItems,
			apart: true, steps: inParts(4, test("./proptest/internal/scenarios", explorer, "-timeout=60m", "-full"))},
		{name: "executor", note: "two workers and two tasks", dir: "examples/executor", items: executorItems, steps: [][]string{executor("-timeout=60m")}},
		{name: "architectures", items: []string{"architectures"},
			steps: [][]string{{"go", "run", "./proptest/internal/matrix", "-lacking=list", "-j", "1"}}},
		{name: "rules", note: "all, production and debug build", items: []string{"transitions"},
			steps: [][]string{test(".", "", "-run", rules), test(".", "rouse_debug", "-run", rules)}},
		{name: "properties", note: "production and debug build", items: propertyItems, steps: [][]string{
			test(".", "", "-run", machine, "-rapid.checks=3000"), test(".", "rouse_debug", "-run", machine, "-rapid.checks=1000"),
			test("./proptest", "", "-run", properties, "-rapid.checks=3000"), test("./proptest", "rouse_debug", "-run", properties, "-rapid.checks=1000")}},
		{name: "histories", items: []string{"histories"}, steps: [][]string{histories()}},
		{name: "gallery", dir: "proptest/gallery", items: galleryItems, steps: [][]string{test("./proptest/gallery", explorer)}},
		{name: "fuzz", note: *fuzztime + " each", items: []string{"fuzz-targets"}, steps: fuzz()},
		{name: "enumeration", items: []string{"small-programs"},
			steps: [][]string{test("./proptest/explore", "", "-run", enumeration, "-programs=50000", "-timeout=30m")}},
		{name: "soak", note: *soak, items: []string{"soak-tasks"}, steps: [][]string{{"go", "run", "-tags", "rouse_debug", "./proptest/internal/soak", "-for", *soak}}},
	}
}

var (
	mutantItems   = []string{"mutants-killed", "mutants-equivalent", "mutants-survived", "mutants-undecided"}
	scenarioItems = []string{"scenarios", "schedules", "states"}
	executorItems = []string{"executor-scenarios", "executor-schedules", "executor-states"}
	propertyItems = []string{"properties", "cases"}
	galleryItems  = []string{"gallery-found", "gallery-passed"}
)

const (
	rules       = "^Test(Rules|State)$"
	machine     = "^TestStateMachine$" // of the raw transitions
	enumeration = "^TestSmallPrograms$"
	properties  = "^Test(Verbs|Actor|Mailbox|Task|WakerCell|RunQueue|LocalQueue|Owned|Parker|WaitQueue|Semaphore|StealQueue)$"
)

func test(pkg, tags string, args ...string) []string {
	return append([]string{"go", "test", "-count=1", "-v", "-tags", tags, pkg}, args...)
}

// inParts makes steps that can run at the same time of a test that knows the flag.
func inParts(n int, test []string) (steps [][]string) {
	for i := range n {
		steps = append(steps, append(slices.Clone(test), fmt.Sprintf("-part=%d/%d", i+1, n)))
	}
	return steps
}

func mutate(args ...string) []string {
	return append([]string{"go", "run", "./proptest/internal/mutate"}, args...)
}

func histories(args ...string) []string {
	return append([]string{"go", "-C", "proptest/history", "test", "-count=1", "-v", "."}, args...)
}

// executor explores the runtime in examples.
func executor(args ...string) []string {
	return append([]string{"go", "-C", "examples", "test", "-count=1", "-v", "-tags", "rouse_explore", "-run", "^TestExplore", "./executor"}, args...)
}

// fuzz runs each target by itself, as the go command wants it.
func fuzz() (steps [][]string) {
	for _, pkg := range []string{".", "./proptest"} {
		list := []string{"go", "test", "-list", "^Fuzz", pkg}
		out, err := exec.Command(list[0], list[1:]...).Output()
		if err != nil {
			return [][]string{list} // which says why
		}
		for _, name := range strings.Fields(string(out)) {
			if strings.HasPrefix(name, "Fuzz") {
				steps = append(steps, []string{"go", "test", "-v", "-run=^$", "-fuzz=^" + name + "$", "-fuzztime=" + *fuzztime, pkg})
			}
		}
	}
	return steps
}
