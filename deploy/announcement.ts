/** Returns the next steps after a deployment, ready to paste. */
export function announcement(outputs: Readonly<Record<string, string>>): string {
  const { SiteUrl, WebSocketUrl, UserPoolId } = outputs;
  return `
shout-box is up

  the box       ${SiteUrl}
  HTTP API      ${SiteUrl}/config
  WebSocket     ${WebSocketUrl}

  embed it
    <script type="module" src="${SiteUrl}/shout-box.js"></script>
    <shout-box server="${SiteUrl}"></shout-box>
${UserPoolId ? ownSignIn(UserPoolId) : issuer(SiteUrl!)}
  talk to it, with a token (docs/sign-in/)
    npx wscat -c ${WebSocketUrl} -H "Authorization: Bearer $TOKEN"
    {"action":"sendMessage","text":"hi"}
`;
}

function issuer(siteUrl: string): string {
  return `
  let your issuer send people back to
    ${siteUrl}/callback.html
`;
}

function ownSignIn(userPoolId: string): string {
  return `
  people register in the box, with a mail address and a name they choose; to let one moderate
    aws cognito-idp admin-add-user-to-group --user-pool-id ${userPoolId} --group-name moderators --username <mail address>
`;
}
