import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { compileStack, resourcesOf, type Template } from '../../deploy/check/stack.ts';

let template: Template;
let operations: string;
let counted: string[];

beforeAll(async () => {
  ({ template } = await compileStack());
  operations = await readFile('docs/operations.md', 'utf8');
  const ports = await readFile('src/domain/ports/telemetry.ts', 'utf8');
  const types = [...ports.matchAll(/export type (?:Counter|Measure) =([^;]+);/g)].map(([, union]) => union!).join();
  counted = [...types.matchAll(/'(\w+)'/g)].map(([, name]) => name!);
}, 60_000);

describe('docs/operations.md', () => {
  test('says of every alarm what it means and what to do, and of no other', () => {
    const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) =>
      Properties.AlarmName.replace('shout-box-prod-', ''),
    );
    const section = operations.slice(operations.indexOf('## Alarms'));
    const headings = [...section.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
    expect(headings.sort()).toEqual(alarms.sort());
  });

  test('says what every metric counts, and of no other', () => {
    const section = operations.slice(operations.indexOf('## What is counted'), operations.indexOf('## One trace'));
    const described = [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name!);
    expect(described.sort()).toEqual(counted.sort());
  });
});

test('alarms and dashboard look at metrics that are counted', () => {
  const dashboard = template.Resources.Dashboard!.Properties.DashboardBody['Fn::Sub'][0] as string;
  const shown = [...dashboard.matchAll(/"\$\{Namespace\}","(\w+)"/g)].map(([, name]) => name!);
  const watched = resourcesOf(template, 'AWS::CloudWatch::Alarm')
    .filter(([, { Properties }]) => Properties.Namespace === 'shout-box-prod')
    .map(([, { Properties }]) => Properties.MetricName);
  expect(shown.length).toBeGreaterThan(8);
  expect(watched.length).toBeGreaterThan(2);
  for (const metric of [...shown, ...watched]) expect(counted).toContain(metric);
});

test('metrics are counted in the namespace that alarms and dashboard look at', () => {
  const { Namespace } = template.Resources.Dashboard!.Properties.DashboardBody['Fn::Sub'][1];
  const { AWS_EMF_NAMESPACE } = template.Resources.FanOutLambdaFunction!.Properties.Environment.Variables;
  expect([Namespace, AWS_EMF_NAMESPACE]).toEqual(['shout-box-prod', 'shout-box-prod']);
});
