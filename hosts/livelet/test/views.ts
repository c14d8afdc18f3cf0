import { CAPABILITIES } from '@livelet/core';
import type { LiveletView } from '../src/page-protocol.js';

const HELPER = { name: 'Maria Rossi', fingerprint: '1f4a 90c2 77be 03d1 5e88 a6f0 2b9c d413' } as const;
/** 2026-11-21 10:12 local time */
const STARTED = new Date(2026, 10, 21, 10, 12).getTime();
const ENDED = STARTED + 252_000;

const SWITCHES = [
  { capability: 'view', on: true },
  { capability: 'control', on: false },
  { capability: 'chat', on: true },
] as const;

/** Every state that the page can be in, with names as long as they come. */
export const VIEWS: Readonly<Record<string, LiveletView>> = {
  code: { step: 'code' },
  'code-error': { step: 'code', error: 'code-not-valid' },
  'relay-error': { step: 'code', error: 'relay-unreachable' },
  connecting: { step: 'connecting' },
  who: {
    step: 'who',
    helper: HELPER,
    words: ['tango', 'otter', 'pilot', 'maple'],
    switches: SWITCHES,
    armSeconds: 5,
  },
  panel: { step: 'panel', helper: HELPER, startedAt: STARTED, switches: SWITCHES, pieces: [] },
  'panel-control': {
    step: 'panel',
    helper: { ...HELPER, name: 'Massimiliano Bartolomeo Vanderbilt-Castelnuovo' },
    startedAt: STARTED,
    switches: SWITCHES.map((shown) =>
      shown.capability === 'control' ? { ...shown, on: true, until: ENDED } : shown,
    ),
    pieces: [],
  },
  'panel-held-back': {
    step: 'panel',
    helper: HELPER,
    startedAt: STARTED,
    switches: SWITCHES.map((shown) =>
      shown.capability === 'view' ? { ...shown, heldBack: true } : { ...shown, on: true },
    ),
    pieces: [],
  },
  'panel-more': {
    step: 'panel',
    helper: HELPER,
    startedAt: STARTED,
    switches: CAPABILITIES.map((capability) => ({ capability, on: capability === 'take-files' })),
    pieces: [],
  },
  'panel-question': {
    step: 'panel',
    helper: HELPER,
    startedAt: STARTED,
    switches: SWITCHES,
    question: { id: 1, capability: 'control' },
    pieces: [],
  },
  'panel-reconnecting': {
    step: 'panel',
    helper: HELPER,
    startedAt: STARTED,
    switches: SWITCHES,
    pieces: [],
    reconnectingUntil: STARTED + 120_000,
  },
  keeping: { step: 'keeping', cause: 'you-stopped', by: 'archivio.organizzazione.example', seconds: 5 },
  'ended-kept': {
    step: 'ended',
    cause: 'helper-ended',
    receipt: {
      helper: HELPER,
      startedAt: STARTED,
      endedAt: ENDED,
      granted: [{ capability: 'chat', totalMs: 252_000 }],
      lines: [],
      chat: { by: 'archivio.organizzazione.example', whole: false },
    },
  },
  'ended-stopped': {
    step: 'ended',
    cause: 'you-stopped',
    receipt: {
      helper: HELPER,
      startedAt: STARTED,
      endedAt: ENDED,
      granted: [
        { capability: 'view', totalMs: 252_000 },
        { capability: 'control', totalMs: 61_000 },
      ],
      lines: [
        { at: STARTED, capability: 'view', what: 'granted' },
        { at: STARTED + 20_000, capability: 'control', what: 'asked' },
        { at: STARTED + 25_000, capability: 'control', what: 'granted', until: STARTED + 625_000 },
        { at: STARTED + 86_000, capability: 'control', what: 'revoked' },
      ],
    },
    closesIn: 60,
  },
  'ended-refused': {
    step: 'ended',
    cause: 'you-refused',
    receipt: { helper: HELPER, endedAt: ENDED, granted: [], lines: [] },
  },
  'ended-interrupted': {
    step: 'ended',
    cause: 'interrupted',
    error: 'session-interrupted',
    receipt: {
      helper: HELPER,
      startedAt: STARTED,
      endedAt: ENDED,
      granted: [{ capability: 'view', totalMs: 252_000 }],
      lines: [{ at: STARTED, capability: 'view', what: 'granted' }],
      missing: 'lost',
      interruptions: [
        { at: STARTED + 30_000, lastedMs: 12_000 },
        { at: ENDED - 120_000, lastedMs: 120_000 },
      ],
    },
    signed: '{"account":{}}',
  },
  unusable: { step: 'unusable', error: 'display-unavailable', closesIn: 60 },
};
