import { expect, it } from 'vitest';
import type { Link, OpenLink } from './connection.ts';
import { connectionState } from './connection-state.ts';
import type { ReplicaState } from './replica.ts';

const open = (more: Partial<OpenLink> = {}): OpenLink => ({
  ...{ status: 'open', token: undefined, offered: undefined, progress: 'complete', networkLost: false, heard: true },
  ...more,
});

it.each<
  [Link, replica: 'fine' | 'failing' | 'catching up' | 'asking' | 'asking again', ReturnType<typeof connectionState>]
>([
  [{ status: 'closed' }, 'failing', 'signed-out'],
  [{ status: 'resting' }, 'failing', 'resting'],
  [open(), 'fine', 'live'],
  [open(), 'catching up', 'catching-up'],
  [open({ progress: 'head-known' }), 'fine', 'catching-up'],
  [open(), 'failing', 'offline'],
  [open({ networkLost: true }), 'fine', 'offline'],
  [{ status: 'waiting', failing: false }, 'fine', 'connecting'],
  [{ status: 'dialling', failing: true }, 'fine', 'offline'],
  [{ status: 'dialling', failing: false }, 'failing', 'offline'],
  [{ status: 'waiting', failing: true }, 'fine', 'offline'],
  [{ status: 'waiting', failing: true }, 'catching up', 'offline'],
  [{ status: 'waiting', failing: true }, 'asking', 'connecting'],
  [{ status: 'waiting', failing: true }, 'asking again', 'offline'],
  [{ status: 'dialling', failing: true }, 'asking', 'connecting'],
])('a link %o whose copy of the room is %s is %s', (link, replica, state) => {
  const asking = replica.startsWith('asking');
  const catchingUp = asking || replica === 'catching up';
  const attempts = replica === 'asking again' ? 1 : 0;
  const about = { failing: replica === 'failing', loaded: !asking, syncing: catchingUp, attempts };
  expect(connectionState(link, { state: about as ReplicaState, catchingUp }, undefined, true)).toBe(state);
});

it.each<[Link, barred: 'signed-out' | 'forbidden', ReturnType<typeof connectionState>]>([
  [{ status: 'waiting', failing: true }, 'forbidden', 'forbidden'],
  [{ status: 'dialling', failing: false }, 'signed-out', 'signed-out'],
  [{ status: 'resting' }, 'forbidden', 'resting'],
  [open(), 'forbidden', 'live'],
])('a link %o of somebody who is %s is %s', (link, barred, state) => {
  const copy = { state: { failing: true, loaded: false } as ReplicaState, catchingUp: false };
  if (link.status === 'open') copy.state.failing = false;
  expect(connectionState(link, copy, barred)).toBe(state);
});
