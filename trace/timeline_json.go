package trace

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/rouse-go/rouse"
)

// The groups of tracks.
const (
	tasksPID      = 1
	goroutinesPID = 2
)

// An encoder appends trace events: one a line, all but the first after a comma.
type encoder struct{ buf []byte }

func (o *encoder) begin() {
	o.buf = append(o.buf, `[{"ph":"M","name":"process_name","pid":1,"args":{"name":"tasks"}},
{"ph":"M","name":"process_name","pid":2,"args":{"name":"wakes from outside"}}`...)
}

func (o *encoder) finish() { o.buf = append(o.buf, "\n]\n"...) }

func (o *encoder) head(ph, name string, at origin) {
	o.buf = append(o.buf, ",\n{\"ph\":\""...)
	o.buf = append(o.buf, ph...)
	o.buf = append(o.buf, `","name":"`...)
	o.buf = append(o.buf, name...) // the package's own: needs no quoting
	o.buf = append(o.buf, `","pid":`...)
	o.buf = strconv.AppendInt(o.buf, int64(at.pid), 10)
	o.buf = append(o.buf, `,"tid":`...)
	o.buf = strconv.AppendUint(o.buf, at.tid, 10)
	if ph != "M" {
		o.buf = append(o.buf, `,"ts":`...)
		o.micros(at.at)
	}
}

// micros appends a time in the format's unit, with its nanoseconds.
func (o *encoder) micros(d time.Duration) {
	o.buf = strconv.AppendFloat(o.buf, float64(d)/1e3, 'f', 3, 64)
}

func (o *encoder) args(key, val string) {
	o.buf = append(o.buf, `,"args":{"`...)
	o.buf = append(o.buf, key...)
	o.buf = append(o.buf, `":`...)
	o.quote(val)
	o.buf = append(o.buf, '}')
}

func (o *encoder) quote(s string) {
	b, _ := json.Marshal(s) // strings have no errors
	o.buf = append(o.buf, b...)
}

func (o *encoder) tail() { o.buf = append(o.buf, '}') }

func (o *encoder) name(pid int, tid uint64, name string) {
	o.head("M", "thread_name", origin{pid: pid, tid: tid})
	o.args("name", name)
	o.tail()
}

func (o *encoder) mark(at origin, name, key, val string) {
	o.head("i", name, at)
	o.buf = append(o.buf, `,"s":"t"`...)
	if key != "" {
		o.args(key, val)
	}
	o.tail()
}

// begins opens the slice of a poll on a goroutine, which has a name or is a number.
func (o *encoder) begins(at origin, lane string, g uint64, latency time.Duration) {
	o.head("B", "poll", at)
	o.buf = append(o.buf, `,"args":{"on":`...)
	if lane != "" {
		o.quote(lane)
	} else {
		o.buf = append(o.buf, `"goroutine `...)
		o.buf = strconv.AppendUint(o.buf, g, 10)
		o.buf = append(o.buf, '"')
	}
	if latency > 0 {
		o.buf = append(o.buf, `,"waited_us":`...)
		o.micros(latency)
	}
	o.buf = append(o.buf, '}')
	o.tail()
}

func (o *encoder) end(at origin, outcome string) {
	o.head("E", "poll", at)
	if outcome != "" {
		o.args("outcome", outcome)
	}
	o.tail()
}

// instant is a slice of no matter what length, for an arrow to start in.
func (o *encoder) instant(at origin, name string, task rouse.ID) {
	o.head("X", name, at)
	o.buf = append(o.buf, `,"dur":0.1,"args":{"task":`...)
	o.buf = strconv.AppendUint(o.buf, uint64(task), 10)
	o.buf = append(o.buf, '}')
	o.tail()
}

// arrow binds to the slices that enclose its ends.
func (o *encoder) arrow(id uint64, from, to origin) {
	o.head("s", "wake", from)
	o.arrowID(id)
	o.tail()
	o.head("f", "wake", to)
	o.arrowID(id)
	o.buf = append(o.buf, `,"bp":"e"`...)
	o.tail()
}

func (o *encoder) arrowID(id uint64) {
	o.buf = append(o.buf, `,"cat":"wake","id":`...)
	o.buf = strconv.AppendUint(o.buf, id, 10)
}
