//go:build played && before_1_36

package job

import (
	"context"

	"k8s.io/client-go/informers"
	clientset "k8s.io/client-go/kubernetes"
	"k8s.io/utils/clock"
)

func newPlayed(ctx context.Context, client clientset.Interface, clk clock.WithTicker, informs informers.SharedInformerFactory) (*Controller, error) {
	return newControllerWithClock(ctx, informs.Core().V1().Pods(), informs.Batch().V1().Jobs(), client, clk)
}
