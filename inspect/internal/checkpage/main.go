// Command checkpage opens the page of package inspect in a headless Chromium,
// over a program with a hundred thousand tasks, or at -url over another; it
// clicks, types and waits as a person would, looks whether a window of a phone,
// of a tablet or of a desktop cuts anything off, and leaves pictures in -out.
package main

import (
	"errors"
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

func clickLink(rel string) string {
	return fmt.Sprintf(`document.querySelector("a[rel=%s]").click()`, rel)
}

func chip(state string) string {
	return fmt.Sprintf(`document.querySelector(".chip.%s").click()`, state)
}

func typed(s string) string {
	return fmt.Sprintf(`{const q = document.querySelector("input[type=search]"); q.value = %q; q.dispatchEvent(new Event("input", {bubbles: true}))}`, s)
}

const (
	nameColumn   = 3
	wakersColumn = 6
)

func text(of string) string {
	return fmt.Sprintf(`(document.querySelector(%q)?.textContent ?? "")`, of)
}

func shown(n int) string { return text("#count") + fmt.Sprintf(` === "%d of 100,085 shown"`, n) }

var steps = []step{
	{"show the first page", ``, rows + ` === 200 && ` + shown(200) + ` && ` + text(".more") + `.includes("1–200 of 100,085")`},
	{"count the states", ``, text(".chip.notified b") + ` === "35" && ` + text(".chip.idle b") + ` === "100,050"`},
	{"go to the next page", clickLink("next"), text(".more") + `.includes("201–400 of")`},
	{"sort by wakers, most first", clickHeader("Wakers"), ordered(wakersColumn, ">=") + ` && document.querySelector("th[aria-sort=descending]").textContent === "Wakers"`},
	{"which starts at the first page", ``, text(".more") + `.includes("1–200 of")`},
	{"sort by wakers, fewest first", clickHeader("Wakers"), ordered(wakersColumn, "<=") + ` && document.querySelector("th[aria-sort=ascending]").textContent === "Wakers"`},
	{"filter by state", chip("cancelled"), rows + ` === 3 && document.querySelector(".chip.cancelled.on")`},
	{"tell the cause", ``, text(".cause") + ` === "aborted"`},
	{"show all states again", `document.querySelector(".chip").click()`, rows + " === 200"},
	{"filter by name", typed("<segment 5"), rows + ` === 11 && ` + text("td.name") + `.startsWith("flush <segment 5") && location.search.includes("q=") && ` + shown(11)},
	{"find nothing", typed("no such task"), rows + ` === 0 && ` + text(".empty") + ` === "No task matches."`},
	{"filter by label", typed("of news"), text("td.label") + ` === "a message of news" && ` + text("td.name") + ` === "conn 7"`},
	{"choose a list", typed("") + `; {const l = document.querySelector("select[name=list]"); l.value = "disk"; l.dispatchEvent(new Event("input", {bubbles: true}))}`,
		fmt.Sprintf("%s === %d", rows, writers+owed)},
	{"sort by name, by its number", clickHeader("Name"), column(nameColumn) + fmt.Sprintf(`.slice(%d, %d).join() === "flush <segment 8>,flush <segment 9>,flush <segment 10>"`, owed+8, owed+11)},
	{"sort by ID", clickHeader("ID"), ordered(1, "<=") + ` && document.querySelector("th[aria-sort=ascending]").textContent === "ID"`},
	{"sort by ID, last first", clickHeader("ID"), ordered(1, ">=") + ` && document.querySelector("th[aria-sort=descending]").textContent === "ID"`},
	{"open the counters", `document.querySelector("#counters summary").click()`, text(".stats td.n") + ` === "100,000"`},
	{"refresh by itself, twice", `{const e = document.getElementById("every"); e.value = "1000"; e.dispatchEvent(new Event("input", {bubbles: true}))}; document.documentElement.dataset.refreshed = 0`,
		`Number(document.documentElement.dataset.refreshed) >= 2`},
	{"keep the counters open", ``, `document.getElementById("counters").open`},
	{"close them, and start afresh", `document.querySelector("#counters summary").click(); sessionStorage.clear()`, `!document.getElementById("counters").open`},
}

// The windows that the page is looked at in; of those with names there are pictures.
var windows = []struct {
	name          string
	width, height int64
}{{"", 320, 600}, {"phone", 360, 740}, {"", 640, 900}, {"", 641, 900}, {"tablet", 800, 1000}, {"", 1100, 800}, {"", 1280, 900}, {"desktop", 1400, 900}}

// from is how wide a window is that shows all columns at once.
const from = 1100

const inOneLine = `(() => {
	const list = document.getElementById("list");
	return list.scrollWidth > list.clientWidth ? "the table is " + list.scrollWidth + " wide, of which " + list.clientWidth + " are seen" : "";
})()`

// reach is "" if no cell of the first task is cut off, whoever scrolls to it.
const reach = `(() => {
	const w = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth > w) return "the page is " + document.documentElement.scrollWidth + " wide";
	for (const cell of document.querySelectorAll(".tasks tbody tr:first-child td")) {
		cell.scrollIntoView({inline: "nearest", block: "nearest"});
		const r = cell.getBoundingClientRect();
		if (r.left < -1 || r.right > w + 1) return cell.textContent + " is cut off";
	}
	document.getElementById("list").scrollTo(0, 0);
	scrollTo(0, 0);
	return "";
})()`

func check(out, url string) error {
	if err := os.MkdirAll(out, 0o777); err != nil {
		return err
	}
	b, err := startBrowser()
	if err != nil {
		return err
	}
	defer b.end()
	todo := []step{{"show tasks", ``, rows + " > 0"}, {"refresh by itself", ``, `Number(document.documentElement.dataset.refreshed) >= 1`}}
	if url == "" {
		var p program
		p.start()
		if url, err = p.serve(); err != nil {
			return err
		}
		todo = steps
	}
	if err = b.open(url); err != nil {
		return err
	}
	for _, s := range todo {
		if err = errors.Join(b.act(s.act), b.wait(s.until)); err != nil {
			return fmt.Errorf("%s: %w", s.what, err)
		}
		fmt.Println("ok:", s.what)
	}
	for _, page := range []string{"?q=long-name", "?sort=-polls"} {
		if err = b.open(url + page); err != nil {
			return err
		}
		for _, w := range windows {
			for _, scheme := range []string{"light", "dark"} {
				if err = b.look(w.width, w.height, scheme); err != nil {
					return err
				}
				if cut, err := b.value(reach); err != nil || cut != "" {
					return fmt.Errorf("%d wide: %w", w.width, errors.Join(err, errors.New(cut)))
				}
				if w.width >= from {
					if cut, err := b.value(inOneLine); err != nil || cut != "" {
						return fmt.Errorf("%d wide: %w", w.width, errors.Join(err, errors.New(cut)))
					}
				}
				if w.name == "" {
					continue
				}
				if err = b.screenshot(filepath.Join(out, fmt.Sprintf("tasks-%s-%s.png", w.name, scheme))); err != nil {
					return err
				}
			}
		}
	}
	if err = b.err(); err != nil {
		return err
	}
	fmt.Println("the page works; its pictures are in", out)
	return nil
}
