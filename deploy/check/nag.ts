import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Template } from './stack.ts';

interface Finding {
  resource: string;
  rule: string;
  description: string;
}

/**
 * Checks a template against cdk-nag's AwsSolutions rules, and returns the problems: each finding that the resource does
 * not give a reason to accept, and each reason without a finding. The reasons are in the resource's `Metadata`, under
 * cdk-nag's own key `cdk_nag`.
 */
export function checkNag(template: Template): string[] {
  const findings = findingsOf(template);
  const accepted = Object.entries(template.Resources).flatMap(([resource, { Metadata }]) =>
    (Metadata?.cdk_nag?.rules_to_suppress ?? []).map(({ id, reason }) => ({ resource, rule: id, reason })),
  );
  const same = (a: { resource: string; rule: string }) => (b: { resource: string; rule: string }) =>
    a.resource === b.resource && a.rule === b.rule;
  return [
    ...findings
      .filter((finding) => !accepted.some((one) => same(finding)(one) && one.reason?.trim()))
      .map(({ resource, rule, description }) => `${resource}: ${rule}: ${description}`),
    ...accepted
      .filter((one) => !findings.some(same(one)))
      .map(({ resource, rule }) => `${resource}: the reason given for ${rule} is not needed`),
  ];
}

function findingsOf(template: Template): Finding[] {
  const directory = mkdtempSync(join(tmpdir(), 'shout-box-nag-'));
  const templateFile = join(directory, 'template.json');
  writeFileSync(templateFile, JSON.stringify(template));
  const stack = new Stack(new App({ outdir: directory }), 'box');
  new CfnInclude(stack, 'template', { templateFile });
  const { violations } = new AwsSolutionsChecks().validateScope(stack);
  rmSync(directory, { recursive: true });
  return violations.flatMap(({ ruleName, description, violatingResources }) =>
    violatingResources.map(({ constructPath }) => ({
      resource: constructPath?.split('/').at(-1) ?? '',
      rule: ruleName,
      description,
    })),
  );
}
