import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { rules } from '../../deploy/check/rules.ts';
import { type Json, resourcesOf, type Template } from '../../deploy/check/stack.ts';
import { FUNCTION_TABLE_PAIRS, ORDINARY_METRICS, usage } from '../../deploy/cost/usage.ts';
import { readTemplate } from './cloudformation-yaml.ts';
import { compiledStack } from './compiled-stack.ts';

let template: Template;
/** The template of the alarms on CloudFront, which must be in us-east-1. */
let edge: Template;
let operations: string;
let counted: string[];

beforeAll(async () => {
  [{ template }, edge] = await Promise.all([compiledStack(), readTemplate('deploy/edge-alarms.yml')]);
  operations = await readFile('docs/operations.md', 'utf8');
  const ports = await readFile('src/domain/ports/telemetry.ts', 'utf8');
  const types = [...ports.matchAll(/export type (?:Counter|Measure) =([^;]+);/g)].map(([, union]) => union!).join();
  counted = [...types.matchAll(/'(\w+)'/g)].map(([, name]) => name!);
}, 180_000);

describe('docs/operations.md', () => {
  test('says of every alarm what it means and what to do, and of no other', () => {
    const alarms = [
      ...resourcesOf(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties.AlarmName),
      ...resourcesOf(edge, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties.AlarmName['Fn::Sub']),
    ].map((name) => name.replace(/^(shout-box-prod|\$\{Stage\})-/, ''));
    const section = operations.slice(operations.indexOf('## Alarms'));
    const headings = [...section.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
    expect(headings.sort()).toEqual(alarms.sort());
  });

  test('says what every metric counts, and of no other', () => {
    const section = operations.slice(operations.indexOf('## What is counted'), operations.indexOf('## One trace'));
    const cells = [...section.matchAll(/^\| (`[^|]+`) \|/gm)].map(([, cell]) => cell!);
    const described = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name!));
    expect(described.sort()).toEqual(counted.sort());
  });
});

test('the cost page counts the metrics and alarms that there are', () => {
  const all = [template, edge].flatMap((one) => resourcesOf(one, 'AWS::CloudWatch::Alarm'));
  const watched = all.flatMap(([, { Properties }]) =>
    Properties.Metrics ? Properties.Metrics.filter(({ MetricStat }: Json) => MetricStat) : [Properties.MetricName],
  );
  const { alarms } = usage({ users: 1, messagesPerHour: 1, hours: 1, coalesced: 1, months: 1, signIns: 0 });
  expect(alarms).toBe(watched.length);
  expect(counted).toEqual(expect.arrayContaining(ORDINARY_METRICS));
});

test('the cost page counts the tables that each function may use', () => {
  const tables = resourcesOf(template, 'AWS::IAM::Role').map(([, { Properties }]) => {
    const named = JSON.stringify(Properties.Policies ?? []).match(/\b(?:Events|State)Table\b/g);
    return new Set(named).size;
  });
  expect(tables.reduce((sum, each) => sum + each)).toBe(FUNCTION_TABLE_PAIRS);
});

test('an alarm in another region tells somebody too', () => {
  const rule = rules.find(({ name }) => name.startsWith('an alarm tells somebody'));
  expect(rule?.broken(edge)).toEqual([]);
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
