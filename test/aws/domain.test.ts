import { describe, expect, test } from 'vitest';
import { compileStack, type Json, type Template } from '../../deploy/check/stack.ts';
import { compiledStack } from './compiled-stack.ts';

/**
 * Evaluates CloudFormation's functions in a value. What a reference stands for is unknown before a deployment, so it
 * becomes its name in angle brackets, such as `<Distribution.DomainName>`.
 */
function evaluate(value: Json, template: Template): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => evaluate(item, template));
  if ('Ref' in value) return `<${value.Ref}>`;
  if ('Fn::GetAtt' in value) return `<${value['Fn::GetAtt'].join('.')}>`;
  if ('Fn::Equals' in value) return value['Fn::Equals'][0] === value['Fn::Equals'][1];
  if ('Fn::Not' in value) return !evaluate(value['Fn::Not'][0], template);
  if ('Fn::If' in value) {
    const [condition, yes, no] = value['Fn::If'];
    return evaluate(evaluate(template.Conditions[condition], template) ? yes : no, template);
  }
  if ('Fn::Sub' in value) {
    const [text, variables = {}] = [value['Fn::Sub']].flat();
    const of = (name: string) => (name in variables ? evaluate(variables[name], template) : `<${name}>`);
    return text.replaceAll(/\$\{([^}]+)\}/g, (_: string, name: string) => of(name));
  }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, evaluate(part, template)]));
}

const CERTIFICATE_ARN = 'arn:aws:acm:us-east-1:123456789012:certificate/x';
const MANAGEMENT = 'https://<WebsocketsApi>.execute-api.<AWS::Region>.<AWS::URLSuffix>/prod';

describe.each([
  { what: "with CloudFront's name", compiled: compiledStack, name: '<Distribution.DomainName>' },
  {
    what: 'with a name of your own',
    compiled: () => compileStack({ DOMAIN: 'shout.example.org', CERTIFICATE_ARN, HOSTED_ZONE_ID: 'Z1' }),
    name: 'shout.example.org',
  },
])('$what', async ({ compiled, name }) => {
  const { template } = await compiled();
  const of = (id: string) => evaluate(template.Resources[id]!.Properties, template);
  const variables = (id: string) => of(id).Environment.Variables;

  test('/config sends a widget to it', () =>
    expect(variables('ConfigLambdaFunction').WEBSOCKET_URL).toBe(`wss://${name}/prod`));

  test('a page that is served from it may connect, besides those that the operator allows', () =>
    expect(variables('ConnectLambdaFunction').ALLOWED_ORIGINS).toBe(`https://www.example.org,https://${name}`));

  test('frames are posted to API Gateway itself', () => {
    expect(variables('FanOutLambdaFunction').CONNECTIONS_ENDPOINT).toBe(MANAGEMENT);
    expect(variables('DeliverLambdaFunction').CONNECTIONS_ENDPOINT).toBe(MANAGEMENT);
  });

  test('the WebSocket is behind it, at the path that is its stage', () => {
    const { CacheBehaviors } = of('Distribution').DistributionConfig;
    const behavior = CacheBehaviors.find(({ PathPattern }: Json) => PathPattern === '/prod');
    expect(behavior.TargetOriginId).toBe('websocket');
  });

  test('what is printed at the end is under it', () => {
    const outputs = evaluate(template.Outputs, template);
    expect([outputs.SiteUrl.Value, outputs.WebSocketUrl.Value]).toEqual([`https://${name}`, `wss://${name}/prod`]);
  });

  test('its certificate, its alias and its record go together', () => {
    const own = compiled !== compiledStack;
    const { Aliases, ViewerCertificate } = of('Distribution').DistributionConfig;
    expect(Aliases).toEqual(own ? [name] : '<AWS::NoValue>');
    expect(ViewerCertificate).toMatchObject(
      own
        ? { AcmCertificateArn: CERTIFICATE_ARN, MinimumProtocolVersion: 'TLSv1.2_2021' }
        : { CloudFrontDefaultCertificate: true },
    );
    expect(evaluate(template.Conditions.HasHostedZone, template)).toBe(own);
  });
});
