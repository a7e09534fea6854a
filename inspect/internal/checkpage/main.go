// Command checkpage opens the page of package inspect in a headless Chromium,
// over a program with 1,185 tasks, or at -url over another; it clicks, types and
// waits as a person would, and leaves pictures of it in -out.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	out := flag.String("out", ".", "directory of the pictures")
	url := flag.String("url", "", "page of a running program, instead of its own")
	flag.Parse()
	if err := check(*out, *url); err != nil {
		fmt.Fprintln(os.Stderr, "checkpage:", err)
		os.Exit(1)
	}
}

// A step acts on the page, and says what it should come to.
type step struct{ what, act, until string }

const rows = `document.querySelectorAll(".tasks tbody tr").length`

// column is the text of a column's cells.
func column(n int) string {
	return fmt.Sprintf(`[...document.querySelectorAll(".tasks tbody tr td:nth-child(%d)")].map(e => e.textContent.trim())`, n)
}

func ordered(n int, by string) string {
	return column(n) + fmt.Sprintf(`.map(s => Number(s.replace(",", ""))).every((v, i, all) => i === 0 || all[i-1] %s v)`, by)
}

func clickHeader(title string) string {
	return fmt.Sprintf(`[...document.querySelectorAll(".tasks th a")].find(a => a.textContent === %q).click()`, title)
}

func chip(state string) string {
	return fmt.Sprintf(`document.querySelector(".chip.%s").click()`, state)
}

func typed(s string) string {
	return fmt.Sprintf(`{const q = document.querySelector("input[type=search]"); q.value = %q; q.dispatchEvent(new Event("input", {bubbles: true}))}`, s)
}

const wakersColumn = 5

var steps = []step{
	{"show the first thousand", ``, fmt.Sprintf(`%s === 1000 && document.querySelector(".more").textContent.includes("of %d")`, rows, allTasks)},
	{"count the states", ``, fmt.Sprintf(`document.querySelector(".chip.notified b").textContent === "%d" && document.querySelector(".chip.idle b").textContent === "%d"`,
		owed+woken+aborted, allTasks-owed-woken-aborted)},
	{"show all", `document.querySelector(".more a").click()`, fmt.Sprintf(`%s === %d`, rows, allTasks)},
	{"sort by wakers, most first", clickHeader("Wakers"), ordered(wakersColumn, ">=") + ` && document.querySelector("th[aria-sort=descending]").textContent === "Wakers"`},
	{"sort by wakers, fewest first", clickHeader("Wakers"), ordered(wakersColumn, "<=") + ` && document.querySelector("th[aria-sort=ascending]").textContent === "Wakers"`},
	{"filter by state", chip("cancelled"), rows + ` === 3 && document.querySelector(".chip.cancelled.on")`},
	{"tell the cause", ``, `document.querySelector(".cause").textContent === "aborted"`},
	{"show all states again", `document.querySelector(".chip").click()`, rows + " === 1000"},
	{"filter by name", typed("<segment 5"), rows + ` === 11 && document.querySelector(".name").textContent.startsWith("flush <segment 5") && location.search.includes("q=")`},
	{"find nothing", typed("no such task"), rows + ` === 0 && document.querySelector(".empty").textContent === "No task matches."`},
	{"choose a list", typed("") + `; {const l = document.querySelector("select[name=list]"); l.value = "disk"; l.dispatchEvent(new Event("input", {bubbles: true}))}`,
		fmt.Sprintf("%s === %d", rows, writers+owed)},
	{"sort by ID", clickHeader("ID"), ordered(1, "<=") + ` && document.querySelector("th[aria-sort=ascending]").textContent === "ID"`},
	{"sort by ID, last first", clickHeader("ID"), ordered(1, ">=") + ` && document.querySelector("th[aria-sort=descending]").textContent === "ID"`},
	{"open the counters", `document.querySelector("#counters summary").click()`, `document.querySelector(".stats td.n").textContent === "1,100"`},
	{"refresh by itself, twice", `{const e = document.getElementById("every"); e.value = "1000"; e.dispatchEvent(new Event("input", {bubbles: true}))}; document.documentElement.dataset.refreshed = 0`,
		`Number(document.documentElement.dataset.refreshed) >= 2`},
	{"keep the counters open", ``, `document.getElementById("counters").open`},
	{"close them, and start afresh", `document.querySelector("#counters summary").click(); sessionStorage.clear()`, `!document.getElementById("counters").open`},
}

func check(out, url string) error {
	if err := os.MkdirAll(out, 0o777); err != nil {
		return err
	}
	if _, err := findBrowser(); err != nil {
		return err
	}
	own := url == ""
	if own {
		var p program
		p.start()
		var err error
		if url, err = p.serve(); err != nil {
			return err
		}
	}
	b, err := startBrowser()
	if err != nil {
		return err
	}
	defer b.close()
	if err = b.open(url); err != nil {
		return err
	}
	todo := steps
	if !own {
		todo = []step{{"show tasks", ``, rows + " > 0"}, {"refresh by itself", ``, `Number(document.documentElement.dataset.refreshed) >= 1`}}
	}
	for _, s := range todo {
		if err = b.eval(s.act, new(any)); err != nil {
			return fmt.Errorf("%s: %w", s.what, err)
		}
		if err = b.wait(s.what, s.until); err != nil {
			return err
		}
		fmt.Println("ok:", s.what)
	}
	if err = b.open(url + "?sort=-id"); err != nil {
		return err
	}
	for _, scheme := range []string{"light", "dark"} {
		file := filepath.Join(out, "tasks-"+scheme+".png")
		if err = b.screenshot(file, scheme); err != nil {
			return err
		}
		fmt.Println("wrote", file)
	}
	if len(b.trouble) > 0 {
		return fmt.Errorf("the page had trouble: %s", b.trouble)
	}
	fmt.Println("the page works")
	return nil
}
