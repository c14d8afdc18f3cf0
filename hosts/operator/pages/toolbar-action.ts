import type { QualityPreset, ZoomStep } from '@livelet/core/page';

/** What the toolbar asks of the session view. */
export type ToolbarAction =
  | { readonly zoom: ZoomStep }
  | { readonly quality: QualityPreset }
  | { readonly screenshot: 'plain' | 'with-cursor' }
  | 'measurements'
  | 'full-screen'
  | 'panel'
  | 'end';
