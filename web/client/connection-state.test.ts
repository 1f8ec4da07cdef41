import { expect, it } from 'vitest';
import type { Link, OpenLink } from './connection.ts';
import { connectionState } from './connection-state.ts';
import type { ReplicaState } from './replica.ts';

const open = (more: Partial<OpenLink> = {}): OpenLink => ({
  ...{ status: 'open', token: undefined, offered: undefined, progress: 'complete', networkLost: false, heard: true },
  ...more,
});

it.each<[Link, replica: 'fine' | 'failing' | 'catching up', ReturnType<typeof connectionState>]>([
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
])('a link %o whose copy of the room is %s is %s', (link, replica, state) => {
  const copy = { state: { failing: replica === 'failing' } as ReplicaState, catchingUp: replica === 'catching up' };
  expect(connectionState(link, copy)).toBe(state);
});
