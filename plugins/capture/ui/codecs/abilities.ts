import type { AbilitiesMessage } from '@livelet/core/page';
import { measureCodecs } from './video-trial.js';

/** What this page can decode, measured; three seconds' work at most, mostly much less. Without any: undefined. */
export async function measureAbilities(): Promise<AbilitiesMessage | undefined> {
  const trials = await measureCodecs();
  const videos = trials.map(({ codec, decodeTime }) => ({
    codec,
    decodeTime: Math.max(1, Math.round(decodeTime * 1000)),
  }));
  return videos.length > 0 ? { type: 'abilities', videos } : undefined;
}
