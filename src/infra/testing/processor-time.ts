/**
 * Returns the CPU time that the current thread uses until `act` has ended, ms. A clock would also count the time in
 * which a busy machine runs other processes.
 */
export async function processorTime(act: () => unknown): Promise<number> {
  const before = process.threadCpuUsage();
  await act();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}
