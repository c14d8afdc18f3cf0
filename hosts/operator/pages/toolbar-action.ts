/** Detail of a `livelet-stage-zoom` event, which the viewer on the stage obeys. */
export type ZoomStep = 'fit' | 'actual' | 'in' | 'out';

/** What the toolbar asks of the session view. */
export type ToolbarAction = { readonly zoom: ZoomStep } | 'full-screen' | 'panel' | 'end';
