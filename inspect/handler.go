package inspect

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// How many tasks the page shows unless it is told, and at most: a browser does
// not cope with all of a hundred thousand.
const (
	pageLimit = 200
	pageMost  = 1000
)

// Handler returns the page of the lists. Its parameters:
//
//	format  html, json (a Report) or text
//	list    only tasks of that list
//	state   only tasks that are running, notified, idle, complete or cancelled
//	q       only tasks that have it in their name, in their label or in the
//	        site as the page shows it, or as ID
//	sort    a column: list, id, name, state, label, wakers, polls, wakes, age,
//	        polled, idle, site; with a minus before it, descending
//	limit   how many tasks at most; 0 is the default, which is all, but 200 on
//	        the page, which shows no more than 1000
//	offset  how many of those that match to leave out first
func Handler(lists ...List) http.Handler { return handler(lists) }

type handler []List

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	v := r.URL.Query()
	q, err := parseQuery(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var b bytes.Buffer
	contentType := ""
	switch format := v.Get("format"); format {
	case "", "html":
		contentType = "text/html; charset=utf-8"
		err = h.page(&b, q)
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

// page writes a page of the tasks: the last one, if fewer match than come before
// the one that was asked for.
func (h handler) page(b *bytes.Buffer, q query) error {
	if q.limit == 0 {
		q.limit = pageLimit
	}
	q.limit = min(q.limit, pageMost)
	r := report(h, q, time.Now())
	if len(r.Tasks) == 0 && r.Matched > 0 {
		q.offset = (r.Matched - 1) / q.limit * q.limit
		r = report(h, q, time.Now())
	}
	return writePage(b, r, q)
}
