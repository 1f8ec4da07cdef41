/**
 * Takes samples from the contenders in turn, so that other load on the machine affects all of them in the same way. The
 * first round is a warm-up and does not count.
 */
export async function interleave<T>(
  rounds: number,
  samplers: Readonly<Record<string, () => Promise<T>>>,
): Promise<Record<string, T[]>> {
  const samples = Object.fromEntries(Object.keys(samplers).map((name): [string, T[]] => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, take] of Object.entries(samplers)) {
      const sample = await take();
      if (round > 0) samples[name]!.push(sample);
    }
  }
  return samples;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * q;
  const below = sorted[Math.floor(position)]!;
  return below + (sorted[Math.ceil(position)]! - below) * (position % 1);
}
