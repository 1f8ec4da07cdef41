import { beforeEach } from 'vitest';
import { engine } from './browser.ts';
import { whyNotDriven } from './not-driven.ts';

beforeEach(({ task, skip }) => {
  const why = whyNotDriven(engine, task.file.filepath, task.name);
  if (why) skip(why);
});
