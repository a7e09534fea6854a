// Package workqueue is the work queue of Kubernetes controllers on rouse: an item
// that is added while it is processed is processed again, once.
//
// Queue has the methods of TypedInterface in k8s.io/client-go/util/workqueue, and
// stands behind that package's delaying and rate-limiting queues. There, two sets say
// which items are dirty and which are being processed. Here each item has a
// [rouse.State], which says both.
//
//	client-go                      here
//	dirty                          the State is notified
//	processing                     the State runs
//	dirty and processing           it runs, and was notified meanwhile
//	Add                            Notify: if it reports true, the item is due
//	Get                            Begin
//	Done                           End: if it reports true, the item is due again
package workqueue
