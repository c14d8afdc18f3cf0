import type { ZoomStep } from '@livelet/core/page';

/** What the toolbar asks of the session view. */
export type ToolbarAction = { readonly zoom: ZoomStep } | 'full-screen' | 'panel' | 'end';
