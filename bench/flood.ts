import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { parse } from 'yaml';
import { type Contenders, startContender } from './harness/contender.ts';
import type { Flood, Flooded } from './harness/flood.ts';
import type { Report } from './harness/report.ts';
import type { Options } from './main.ts';

const OURS = 'ours';
const NO_CHARGE = 'without the charge for a flood';
const NO_CLOSING = 'without closing';
const REQUIRED = 0.95;

/** Reads the throttle that a deployment sets for the route `sendMessage`. */
function route(): { burst: number; perSecond: number } {
  const file = readFileSync(new URL('../resources/extensions.yml', import.meta.url), 'utf8');
  const { sendMessage } = parse(file, { logLevel: 'error' }).extensions.WebsocketsDeploymentStage.Properties
    .RouteSettings;
  return { burst: sendMessage.ThrottlingBurstLimit, perSecond: sendMessage.ThrottlingRateLimit };
}

/** For each contender, the replacement in a source file that removes one defence of the back end. */
const WITHOUT: Record<string, [file: string, from: string, to: string]> = {
  [NO_CHARGE]: ['src/handlers/middleware/rate-limit.ts', 'early === MAX_EARLY_FRAMES &&', 'early < 0 &&'],
  [NO_CLOSING]: ['src/handlers/middleware/rate-limit.ts', 'close(connectionId),', ''],
};

export const contenders: Contenders = Object.fromEntries(
  [OURS, ...Object.keys(WITHOUT)].map((name) => [name, () => flooding(WITHOUT[name])]),
);

async function flooding(change?: [file: string, from: string, to: string]) {
  await import('../test/simulate/replace.ts');
  if (change) leaveOut(...change);
  const { handlers } = await import('../test/simulate/handlers.ts');
  // Removes the high limits that the simulations set, so that the defaults apply.
  for (const name of ['RATE_BURST', 'RATE_PER_SECOND']) delete process.env[name];
  const { flood } = await import('./harness/flood.ts');
  return (round: Flood) => flood(handlers, route(), round);
}

function leaveOut(path: string, from: string, to: string): void {
  const changed = new URL(`../${path}`, import.meta.url).href;
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (url !== changed) return loaded;
      const source = String(loaded.source);
      if (!source.includes(from)) throw new Error(`${path} has changed: it has no ${from}.`);
      return { ...loaded, source: source.replace(from, to) };
    },
  });
}

/**
 * Floods the route `sendMessage` over one connection, or over all connections of one person. Measures which share of
 * everybody else's messages the route's throttle still lets in.
 */
export async function run({ quick }: Options): Promise<Report> {
  const others = route().perSecond;
  const one: Flood = { minutes: 1, connections: 1, framesPerSecond: 20_000, othersPerSecond: others, guest: false };
  const all = { ...one, minutes: quick ? 2 : 20, connections: 20 };
  const floods: [string, string, Flood][] = [
    [OURS, 'one connection', one],
    [OURS, 'one connection, the others half as busy', { ...one, othersPerSecond: others / 2 }],
    [OURS, 'one connection of a guest', { ...one, guest: true }],
    [OURS, '20 connections of a person', all],
    [NO_CHARGE, 'one connection', one],
    [NO_CLOSING, 'one connection', { ...one, minutes: 0.25 }],
  ];
  const rows: (string | number)[][] = [];
  const left: number[] = [];
  for (const [name, what, round] of floods) {
    // Runs each flood in its own process, because the handlers keep times in memory, and the virtual clock starts again
    // with each flood.
    const contender = await startContender(import.meta.filename, name);
    const { facts } = await contender.run(round);
    contender.stop();
    const { left: share, taken, dials, closed } = facts as Flooded;
    left.push(share);
    rows.push([name, what, round.minutes, share, taken, dials, closed]);
  }
  const [single, half, guest, twenty, noCharge, noClosing] = left as [number, number, number, number, number, number];
  return {
    title: `The part of ${others} messages a second that a flood of sendMessage leaves to everybody else, on a virtual clock`,
    unit: 'of the route',
    ours: single,
    limit: 1,
    rivals: { [NO_CHARGE]: noCharge, [NO_CLOSING]: noClosing },
    figures: { othersHalfAsBusy: half, guest, twentyConnections: twenty },
    claims: [
      { what: 'left by one connection', value: Math.min(single, half, guest), atLeast: REQUIRED },
      { what: 'left by 20 connections of a person', value: twenty, atLeast: REQUIRED },
    ],
    tables: [
      {
        caption: `The frames of the flood go through the real handlers: ${one.framesPerSecond.toLocaleString('en-US')} a second, again as soon as the person may connect again.`,
        columns: ['', 'flood', 'minutes', 'left', 'frames let in', 'dials', 'closed'],
        rows,
      },
    ],
  };
}
