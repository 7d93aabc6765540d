//go:build played && !before_1_36

package job

import (
	"context"

	"k8s.io/client-go/informers"
	clientset "k8s.io/client-go/kubernetes"
	consistencyutil "k8s.io/kubernetes/pkg/controller/util/consistency"
	"k8s.io/utils/clock"
)

// newPlayed makes a controller that never waits to see its own writes: the player delivers them before the next sync.
func newPlayed(ctx context.Context, client clientset.Interface, clk clock.WithTicker, informs informers.SharedInformerFactory) (*Controller, error) {
	jm, err := newControllerWithClock(ctx, client, clk, informs.Core().V1().Pods(), informs.Batch().V1().Jobs(), nil, nil)
	if err == nil {
		jm.consistencyStore = consistencyutil.NewNoopConsistencyStore()
	}
	return jm, err
}
