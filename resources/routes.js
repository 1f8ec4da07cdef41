/**
 * Returns what the framework leaves out of WebSocket routes. It is made from the functions' events, so a new route has
 * it, too.
 *
 * The framework's permissions name no API, so an API Gateway of any account could invoke the functions, with connection
 * ids of its choice. These extensions add the API and the route.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html#apigateway-permissions
 */
export async function extensions({ resolveConfigurationProperty }) {
  const functions = Object.assign({}, ...[await resolveConfigurationProperty(['functions'])].flat());
  const routes = Object.entries(functions).flatMap(([name, { events = [] }]) =>
    events.flatMap(({ websocket }) => (websocket ? [[name, websocket.route]] : [])),
  );
  return { extensions: Object.fromEntries(routes.flatMap(extensionsOf)) };
}

function extensionsOf([name, route]) {
  const api = 'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${WebsocketsApi}';
  const SourceArn = { 'Fn::Sub': `${api}/*/${route}` };
  return [
    [`${name[0].toUpperCase()}${name.slice(1)}LambdaPermissionWebsockets`, { Properties: { SourceArn } }],
    [`${route.replace('$', 'S')}WebsocketsRoute`, { Metadata: { cdk_nag: { rules_to_suppress: [ownVerifier] } } }],
  ];
}

// API Gateway's authorizer for the tokens of WebSockets would be a Lambda on $connect, and would hide from the client
// why it refused. The functions verify tokens themselves (docs/decisions/0021-tokens-are-verified-in-the-functions.md).
const ownVerifier = {
  id: 'AwsSolutions-APIG4',
  reason: '$connect verifies the token itself; the other routes belong to a connection.',
};
