package inspect

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// pageLimit is how many tasks the page shows, unless it is asked for more.
const pageLimit = 1000

// Handler returns the page of the lists. Its parameters:
//
//	format  html, json (a Report) or text
//	list    only tasks of that list
//	state   only tasks that are running, notified, idle, complete or cancelled
//	q       only tasks that have it in their name or in the site as the page
//	        shows it, or as ID
//	sort    a column: list, id, name, state, wakers, polls, wakes, age, polled,
//	        idle, site; with a minus before it, descending
//	limit   how many tasks at most; 0 is all, and the default but on the page
func Handler(lists ...List) http.Handler { return handler(lists) }

type handler []List

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	v := r.URL.Query()
	format, limit := v.Get("format"), 0
	if format == "" || format == "html" {
		format, limit = "html", pageLimit
	}
	q, err := parseQuery(v, limit)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var b bytes.Buffer
	contentType := ""
	switch format {
	case "html":
		contentType = "text/html; charset=utf-8"
		err = writePage(&b, report(h, q, time.Now()), q)
	case "json":
		contentType = "application/json"
		e := json.NewEncoder(&b)
		e.SetIndent("", "  ")
		err = e.Encode(report(h, q, time.Now()))
	case "text":
		contentType = "text/plain; charset=utf-8"
		err = writeText(&b, report(h, q, time.Now()))
	default:
		http.Error(w, "unknown format "+strconv.Quote(format)+": want html, json or text", http.StatusBadRequest)
		return
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	head := w.Header()
	head.Set("Content-Type", contentType)
	head.Set("Content-Length", strconv.Itoa(b.Len()))
	head.Set("Cache-Control", "no-store")
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'")
	w.Write(b.Bytes())
}
