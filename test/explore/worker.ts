import { parentPort, workerData } from 'node:worker_threads';
import { replaceSources } from './mutation.ts';
import type { Command, Told } from './pool.ts';

/**
 * A thread that searches scenarios. Each message names one. To search a mutant, `workerData.sources` has the files that
 * it changes. These are loaded instead of the files on disk.
 */
replaceSources(workerData.sources);
// Imported only now, because `replaceSources` affects later imports only.
const [{ scenarios }, { Room }, { search }] = await Promise.all([
  import('./scenarios.ts'),
  import('./world.ts'),
  import('./search/search.ts'),
]);
const tell = (told: Told) => parentPort!.postMessage(told);

parentPort!.on('message', async ({ name, limit }: Command) => {
  const began = performance.now();
  const scenario = scenarios.find((scenario) => scenario.name === name)!;
  try {
    const result = await search(new Room(scenario), { limit, progress: (states) => tell({ states }) });
    tell({ result, seconds: (performance.now() - began) / 1_000 });
  } catch (error) {
    tell({ failure: (error as Error).stack ?? String(error) });
  }
});
