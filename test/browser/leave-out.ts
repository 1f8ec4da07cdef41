import { beforeEach } from 'vitest';
import { whyNotDriven } from './not-driven.ts';

beforeEach(({ task, skip }) => {
  const why = whyNotDriven(task.file.filepath, task.name);
  if (why) skip(why);
});
