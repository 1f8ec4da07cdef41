/**
 * What the framework leaves out of every WebSocket route, made from the functions' own events: a new route has it too.
 *
 * Its permissions name no API, so any account's API Gateway could invoke the functions, with connection ids of its choice.
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

// There is one authorizer for WebSockets, a Lambda on $connect that hides why it refused from the client. Our functions
// verify tokens themselves (docs/decisions/0021-tokens-are-verified-in-the-functions.md).
const ownVerifier = {
  id: 'AwsSolutions-APIG4',
  reason: '$connect verifies the token itself; the other routes belong to a connection.',
};
