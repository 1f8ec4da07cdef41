import { parseArgs } from 'node:util';
import { report } from './cost/report.ts';
import { main } from './run.ts';

/** `npm run cost -- --users 1000 --messages-per-hour 60 [--hours 730] [--coalesced 1] [--months 12] [--sign-ins 0]` */
await main(async () => {
  const { values } = parseArgs({
    options: {
      users: { type: 'string' },
      'messages-per-hour': { type: 'string' },
      hours: { type: 'string', default: '730' },
      coalesced: { type: 'string', default: '1' },
      months: { type: 'string', default: '12' },
      'sign-ins': { type: 'string', default: '0' },
    },
  });
  const read = (name: keyof typeof values, min: number, max: number) => {
    const value = Number(values[name] ?? Number.NaN);
    if (!(value >= min && value <= max)) throw new Error(`--${name} must be a number from ${min} to ${max}.`);
    return value;
  };
  const box = {
    users: read('users', 0, 10_000_000),
    messagesPerHour: read('messages-per-hour', 0, 10_000_000),
    hours: read('hours', 0, 744),
    coalesced: read('coalesced', 1, 90),
    months: read('months', 1, 1_200),
    signIns: read('sign-ins', 0, 100_000_000),
  };
  console.log(report(box));
});
