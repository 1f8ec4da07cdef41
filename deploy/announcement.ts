/** The next steps after a deployment, ready to paste. */
export function announcement(outputs: Readonly<Record<string, string>>): string {
  const { SiteUrl, WebSocketUrl } = outputs;
  return `
shout-box is up

  the box       ${SiteUrl}
  HTTP API      ${SiteUrl}/config
  WebSocket     ${WebSocketUrl}

  embed it
    <script type="module" src="${SiteUrl}/shout-box.js"></script>
    <shout-box server="${SiteUrl}"></shout-box>

  let your issuer send people back to
    ${SiteUrl}/callback.html

  talk to it, with a token from your issuer (docs/sign-in/)
    npx wscat -c ${WebSocketUrl} -H "Authorization: Bearer $TOKEN"
    {"action":"sendMessage","text":"hi"}
`;
}
