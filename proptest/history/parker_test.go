package history

import (
	"testing"
	"time"

	"github.com/rouse-go/rouse"
)

// parkModel is of a Parker: whether there is a permit.
var parkModel = model[bool]{step: func(permit bool, in call) (bool, result) {
	if in.op == "Unpark" {
		return true, result{}
	}
	return false, result{ok: permit}
}}

func TestParker(t *testing.T) {
	stress(t, parkModel, func(seed uint64) *recorder {
		p := new(rouse.Parker)
		unparks := func(c *client) {
			for range 4 {
				c.do("Unpark", 0, func() result { p.Unpark(); return result{} })
			}
		}
		return together(seed, unparks, unparks, func(c *client) {
			for range 6 {
				d := time.Duration(c.rng.IntN(2)) * time.Microsecond
				c.do("ParkTimeout", 0, func() result { return result{ok: p.ParkTimeout(d)} })
			}
		})
	})
}
