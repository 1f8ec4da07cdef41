import { resolve } from 'node:path';
import type { LocalSettings } from './settings.ts';

/** Returns what `npm start` prints when every part has started: addresses, and commands to paste. */
export function announcement(settings: LocalSettings, seconds: number): string {
  const elsewhere = settings.dataDir === resolve('.shout-box') ? '' : `SHOUT_DATA_DIR='${settings.dataDir}' `;
  return `
shout-box is up after ${seconds.toFixed(1)} s. Ctrl-C stops it; messages are kept in ${settings.dataDir}

  two boxes          ${settings.web}
  on another origin  ${settings.otherOrigin}/other-origin.html
  HTTP API           ${settings.http}/chat-history
  sign-in            ${settings.issuer.url}
  DynamoDB           ${settings.dynamodb.endpoint}

  embed it
    <script type="module" src="${settings.web}/shout-box.js"></script>
    <shout-box server="${settings.http}"></shout-box>

  connect without a browser
    npx wscat -c ${settings.ws} -H "Authorization: Bearer $(${elsewhere}npm run -s token -- me)"
    {"action":"sendMessage","text":"hi"}
    as a moderator: ${elsewhere}npm run -s token -- me --role moderator
`;
}
