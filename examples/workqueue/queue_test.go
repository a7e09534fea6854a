package workqueue_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	clientgo "k8s.io/client-go/util/workqueue"

	"github.com/rouse-go/rouse/examples/workqueue"
)

// TestDoneOfStrangers: Done of an item that no worker has does nothing.
func TestDoneOfStrangers(t *testing.T) {
	q := workqueue.New[string]()
	q.Done("a")
	q.Add("a")
	q.Done("a")
	length(t, q, 1)
	get(t, q, "a")
	q.Done("a")
	q.Done("a")
	length(t, q, 0)
}

// TestDrainWaitsForWhatIsDue: client-go's drain returns at once if no worker has an
// item; this one returns when everything is done, as the documentation of both says.
func TestDrainWaitsForWhatIsDue(t *testing.T) {
	q := workqueue.New[string]()
	q.Add("a")
	returned := drains(q)
	get(t, q, "a")
	if isClosed(returned) {
		t.Error("a is not done")
	}
	q.Done("a")
	<-returned

	q = workqueue.New[string]()
	q.Add("a")
	get(t, q, "a")
	q.Add("a")
	returned = drains(q)
	q.Done("a") // and due again
	if isClosed(returned) {
		t.Error("a is due")
	}
	get(t, q, "a")
	q.Done("a")
	<-returned
}

// TestShutDownMeetsAdd: an Add beside a ShutDown is accepted or not; what it leaves
// is handed out before the workers end, or not there.
func TestShutDownMeetsAdd(t *testing.T) {
	for range 500 {
		q := workqueue.New[int]()
		var all sync.WaitGroup
		for i := range 3 {
			all.Add(1)
			go func() { defer all.Done(); q.Add(i) }()
		}
		q.ShutDown()
		all.Wait()
		for k, shutdown := q.Get(); !shutdown; k, shutdown = q.Get() {
			q.Done(k)
		}
		if q.Len() != 0 {
			t.Fatalf("%d items are left", q.Len())
		}
		q.ShutDownWithDrain() // returns: nothing is with a worker
	}
}

// TestBehindRateLimits has client-go's rate-limiting queue on top of this one.
func TestBehindRateLimits(t *testing.T) {
	q := clientgo.NewTypedRateLimitingQueueWithConfig(
		clientgo.NewTypedItemExponentialFailureRateLimiter[string](time.Millisecond, 4*time.Millisecond),
		clientgo.TypedRateLimitingQueueConfig[string]{
			DelayingQueue: clientgo.NewTypedDelayingQueueWithConfig(
				clientgo.TypedDelayingQueueConfig[string]{Queue: workqueue.New[string]()}),
		})
	tries := 0
	reconcile := func(string) error {
		if tries++; tries < 4 {
			return errors.New("not yet")
		}
		return nil
	}
	q.Add("deployment")
	for q.NumRequeues("deployment") > 0 || tries == 0 {
		k, shutdown := q.Get()
		if shutdown {
			t.Fatal("it is shut down")
		}
		if reconcile(k) != nil {
			q.AddRateLimited(k)
		} else {
			q.Forget(k)
		}
		q.Done(k)
	}
	q.ShutDown()
	if tries != 4 {
		t.Errorf("%d tries", tries)
	}
}
