import { parseArgs } from 'node:util';
import { readAddresses } from './data-dir.ts';
import { ROLE } from './issuer/person.ts';
import { readLocalSettings, redirectUris } from './settings.ts';
import { signIn } from './sign-in.ts';

const USAGE = `npm run -s token -- NAME [--role ${ROLE}]`;

/** `npm run -s token -- NAME` prints an access token for a person of that name, for `wscat` and `curl`. */
try {
  const { name, role } = readArguments();
  const settings = readLocalSettings(process.env);
  const stack = await readAddresses(settings.dataDir);
  if (!stack) throw new Error(`No stack is running on ${settings.dataDir}: run npm start in another terminal.`);
  const [redirectUri] = redirectUris({ web: stack.web, otherOrigin: stack.web });
  const tokens = await signIn({ ...stack, redirectUri, name, role });
  console.log(tokens.access_token);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

/** Reads the command line. @throws Error with a message of one sentence if an argument is missing or not valid */
function readArguments(): { name: string; role: typeof ROLE | undefined } {
  const { values, positionals } = parse();
  const [name, ...more] = positionals;
  const { role } = values;
  if (!name) throw new Error(`A name is missing: ${USAGE}`);
  if (more.length > 0) throw new Error(`Give one name, in quotes if it contains spaces: ${USAGE}`);
  if (role !== undefined && role !== ROLE)
    throw new Error(`There is no role ${JSON.stringify(role)}: ${ROLE} is the only one.`);
  return { name, role };
}

function parse() {
  try {
    return parseArgs({ allowPositionals: true, options: { role: { type: 'string' } } });
  } catch (error) {
    const [reason] = (error as Error).message.split('. ');
    throw new Error(`${reason}: ${USAGE}`);
  }
}
