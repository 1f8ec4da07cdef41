import { expect, it } from 'vitest';
import { type QuietRoom, readInSilence } from './read-in-silence.ts';

/** Returns a room with at most one event. `state` says whether that event is appended and numbered. */
function room() {
  const state = { appended: false, numbered: false };
  const complaints: string[] = [];
  const quiet: QuietRoom = {
    head: () => ({ epoch: 'e', seq: state.numbered ? 1 : 0 }),
    missing: () => (state.appended && !state.numbered ? ['it has no number'] : []),
    converge: async () => {
      state.numbered = state.appended;
    },
    complaints,
  };
  let reads = 0;
  /** Returns a function that reads the state. Right after its first read, `then` runs. */
  const reading = (then: () => void) => async () => {
    const read = { ...state };
    if (reads++ === 0) then();
    return read;
  };
  return { state, quiet, complaints, reading, reads: () => reads };
}

it('reads once where nothing changes', async () => {
  const { quiet, reading, reads } = room();
  expect(
    await readInSilence(
      quiet,
      reading(() => {}),
    ),
  ).toEqual({ appended: false, numbered: false });
  expect(reads()).toBe(1);
});

it('reads again where an event was appended meanwhile and has no number yet', async () => {
  const { state, quiet, reading } = room();
  const appended = () => {
    state.appended = true;
  };
  expect(await readInSilence(quiet, reading(appended))).toEqual({ appended: true, numbered: true });
});

it('reads again where an event was appended and numbered meanwhile', async () => {
  const { state, quiet, reading } = room();
  const numbered = () => {
    state.appended = state.numbered = true;
  };
  expect(await readInSilence(quiet, reading(numbered))).toEqual({ appended: true, numbered: true });
});

it('reads again where the room has another epoch', async () => {
  const { quiet, reading, reads } = room();
  let epoch = 'e';
  const anew = () => {
    epoch = 'f';
  };
  await readInSilence({ ...quiet, head: () => ({ epoch, seq: 0 }) }, reading(anew));
  expect(reads()).toBe(2);
});

it('reads what does not converge as it is, once that was complained of', async () => {
  const { state, quiet, complaints, reading, reads } = room();
  state.appended = true;
  const converge = async () => {
    complaints.push('it has no number');
  };
  expect(
    await readInSilence(
      { ...quiet, converge },
      reading(() => {}),
    ),
  ).toEqual({ appended: true, numbered: false });
  expect(reads()).toBe(2);
});

it('gives up on a room that never falls silent, and has read it as it is', async () => {
  const { quiet, reading, reads } = room();
  let seq = 0;
  const found = await readInSilence(
    { ...quiet, head: () => ({ epoch: 'e', seq: seq++ }) },
    reading(() => {}),
  );
  expect([found, reads()]).toEqual([{ appended: false, numbered: false }, 10]);
});
