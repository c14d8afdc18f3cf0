import test from 'ava';
import { checkReceiptNote, RECORDED_STEPS, recordedNote } from '../src/index.js';

test('each step of a recording is a note that a receipt takes', (t) => {
  for (const step of RECORDED_STEPS) {
    const note = recordedNote({ step, sound: true });
    t.deepEqual(checkReceiptNote(note), note);
    t.is(note.what, `recording-${step}`);
  }
});

test('the end of a recording says how much was recorded', (t) => {
  const { text, facts } = recordedNote({ step: 'ended', sound: false, seconds: 61 });
  t.deepEqual(facts, { sound: false, seconds: 61 });
  t.is(text.en, 'The recording ended (picture, 1\u00a0min\u00a01\u00a0s)');
  t.is(text.it, 'La registrazione è terminata (immagine, 1\u00a0min\u00a01\u00a0s)');
});
