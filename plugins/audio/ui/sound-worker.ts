import type { DecodeOrder } from './engine/playing-messages.js';
import { TrackDecoder } from './engine/track-decoder.js';

// Where packets are decoded: a thread that no picture holds up.
addEventListener('message', ({ data }: MessageEvent<DecodeOrder>) => void new TrackDecoder(data));
