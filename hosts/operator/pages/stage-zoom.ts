export type ZoomStep = 'fit' | 'actual' | 'in' | 'out';
