package rouse

import "context"

// The costs of what a runtime needs besides its tasks.
func pieceCosts() (cs []cost) {
	for _, more := range []func() []cost{parkerCosts} {
		cs = append(cs, more()...)
	}
	return cs
}

func parkerCosts() []cost {
	p := new(Parker)
	ctx := context.Background()
	ended, end := context.WithCancel(context.Background())
	end()
	ready := wait{&job{ready: true}}
	p.WakerRef()
	p.ParkTimeout(0)
	permit := p.Unpark
	return []cost{
		{"Parker.Unpark, awake", 1, 0, nil, p.Unpark, p.Park},
		{"Parker.Unpark, a permit", 1, 0, permit, p.Unpark, p.Park},
		{"Parker.Park, a permit", 1, 0, permit, p.Park, nil},
		{"Parker.ParkTimeout, a permit", 1, 0, permit, func() { p.ParkTimeout(late) }, nil},
		{"Parker.ParkTimeout, no permit, no time", 2, 0, nil, func() { p.ParkTimeout(0) }, nil},
		{"Parker.ParkContext, a permit", 1, 0, permit, func() { p.ParkContext(ctx) }, nil},
		{"Parker.ParkContext, ended", 0, 0, nil, func() { p.ParkContext(ended) }, nil},
		{"Parker.WakerRef", 0, 0, nil, func() { p.WakerRef() }, nil},
		{"BlockOn, ready at once", 0, 2, nil, func() { BlockOn[int](ctx, ready) }, nil},
	}
}
