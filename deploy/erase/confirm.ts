import { createInterface } from 'node:readline/promises';

/**
 * Asks for confirmation on the terminal.
 * @throws Error if there is no terminal, or if the answer is not yes
 */
export async function confirm(plan: string): Promise<void> {
  if (!process.stdin.isTTY) throw new Error(`${plan}\nIt cannot be undone. Say --yes to do it.`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${plan}\nIt cannot be undone. Type yes to do it: `);
    if (answer.trim().toLowerCase() !== 'yes') throw new Error('Nothing was erased.');
  } finally {
    terminal.close();
  }
}
