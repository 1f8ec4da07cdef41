import { readAddresses } from './data-dir.ts';
import { readLocalSettings, redirectUris } from './settings.ts';
import { signIn } from './sign-in.ts';

/** `npm run -s token -- NAME` prints an access token for a person of that name, for `wscat` and `curl`. */
const name = process.argv[2];
try {
  if (!name) throw new Error('Whose token? npm run -s token -- NAME');
  const settings = readLocalSettings(process.env);
  const stack = await readAddresses(settings.dataDir);
  if (!stack) throw new Error(`No stack is running on ${settings.dataDir}: run npm start in another terminal.`);
  const [redirectUri] = redirectUris({ web: stack.web, otherOrigin: stack.web });
  const tokens = await signIn({ ...stack, redirectUri, name });
  console.log(tokens.access_token);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
