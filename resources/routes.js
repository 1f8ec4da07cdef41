/**
 * Returns the `extensions` of serverless.yml: changes to the resources that the Serverless Framework generates for each
 * WebSocket route. The routes are read from the functions' events, so a new route needs no change here.
 *
 * The Lambda permissions that the framework generates name no API, so an API Gateway of any account could invoke the
 * functions, with connection ids of its choice. The extensions limit each permission to this API and one route.
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

// The suppressed rule of cdk-nag demands an authorizer for each route. A WebSocket API can have one only on $connect,
// and a client does not learn why the authorizer refuses it. So the functions verify tokens themselves
// (docs/decisions/0021-tokens-are-verified-in-the-functions.md).
const ownVerifier = {
  id: 'AwsSolutions-APIG4',
  reason: '$connect verifies the token itself; the other routes belong to a connection.',
};
