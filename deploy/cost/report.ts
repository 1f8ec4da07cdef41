import { costOf, type Item, PRICES_OF, prices } from './prices.ts';
import { type Box, usage } from './usage.ts';

export function monthly(box: Box): number {
  return Object.entries(usage(box)).reduce((sum, [item, amount]) => sum + costOf(item as Item, amount), 0);
}

/** Returns how many US dollars more a box would cost in a month if every message were sent in a frame of its own. */
export function savedByCoalescing(box: Box): number {
  return monthly({ ...box, coalesced: 1 }) - monthly(box);
}

export function report(box: Box): string {
  const lines = Object.entries(usage(box)).map(([item, amount]) => {
    const cost = costOf(item as Item, amount);
    return `  ${prices[item as Item].unit.padEnd(28)}${count(amount).padStart(16)}${dollars(cost).padStart(14)}`;
  });
  const { users, messagesPerHour, hours, coalesced, months } = box;
  return [
    `${count(users)} people, ${count(messagesPerHour)} messages an hour, ${count(hours)} hours a month, ${coalesced} to a frame, after ${count(months)} months`,
    '',
    ...lines,
    '',
    `  ${'a month'.padEnd(44)}${dollars(monthly(box)).padStart(14)}`,
    ...(coalesced > 1 ? [`  ${'saved by coalescing'.padEnd(44)}${dollars(savedByCoalescing(box)).padStart(14)}`] : []),
    '',
    `Prices of ${PRICES_OF}; docs/cost.md says what is assumed.`,
  ].join('\n');
}

export function dollars(amount: number): string {
  return `$${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

function count(amount: number): string {
  return amount.toLocaleString('en-US', { maximumFractionDigits: amount < 10 ? 2 : 0 });
}
