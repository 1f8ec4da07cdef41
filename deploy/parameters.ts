import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { readParameters } from '../src/infra/settings.ts';
import { effective, hasOwnSignIn } from './own-sign-in.ts';

/** The operator's choices, by the names of the environment variables that serverless.yml reads. */
export type Parameters = Readonly<Record<string, string>>;

const HANDLERS = [
  ...['ISSUER', 'AUDIENCE', 'CLIENT_ID', 'SCOPE', 'REQUIRED_SCOPE', 'NAME_CLAIM', 'ALLOWED_ORIGINS', 'GUESTS'],
  ...['ROLE_CLAIM', 'MODERATORS', 'ROOMS', 'PICTURE_ORIGINS', 'RETURN_PAGES'],
  ...['RATE_BURST', 'RATE_PER_SECOND', 'MAX_CONNECTIONS_PER_PERSON', 'MAX_TEXT_GRAPHEMES', 'PAGE_SIZE_MAX'],
  'RETENTION_DAYS',
  ...['LARGE_ROOM', 'POSTS_PER_SECOND'],
];
const DEPLOYMENT = [
  'DOMAIN',
  'CERTIFICATE_ARN',
  'HOSTED_ZONE_ID',
  'ALARM_EMAIL',
  'BUDGET_USD',
  'FAN_OUT_CONCURRENCY',
  'WEB_ACL_ARN',
  'ORIGIN_SECRET',
];
export const PARAMETERS: readonly string[] = [...HANDLERS, ...DEPLOYMENT];

/**
 * The parameters if there is no file. People register with the stage's own user pool, everybody may read, and only the
 * stage's own page may use the box.
 */
const DEFAULTS: Parameters = { GUESTS: 'true' };

/**
 * Reads the parameters from a file. Returns the defaults if there is no such file.
 *
 * @throws Error that names the problems, or only the first one if the file is not valid YAML
 */
export async function readParametersFile(file: string): Promise<Parameters> {
  if (!existsSync(file)) {
    console.log(`There is no ${file}: using the defaults. deploy/params.example.yml says what can be chosen there.`);
    return DEFAULTS;
  }
  const parameters = Object.fromEntries(
    Object.entries(await readYaml(file)).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(textOf).join(',') : textOf(value),
    ]),
  );
  const problems = [
    ...unknownNames(parameters),
    ...wrongHandlerSettings(parameters),
    ...wrongSignIn(parameters),
    ...wrongDeployment(parameters),
  ];
  if (problems.length > 0) throw new Error(`${file}: ${problems.join('; ')}.`);
  return parameters;
}

/** Returns a value as text; '' for YAML's null, which is a text like any other here. */
const textOf = (value: unknown): string => (/^(~|null)$/i.test(`${value}`) ? '' : `${value}`);

/** @throws Error that names the file and, if it is not valid YAML, the line */
async function readYaml(file: string): Promise<Record<string, unknown>> {
  // Reads every value as text. As a number, an id of many digits would be rounded.
  const document = parseDocument(await readFile(file, 'utf8'), { schema: 'failsafe' });
  const [problem] = document.errors;
  // Uses the first line of the message. The other lines are an excerpt of the file.
  if (problem) throw new Error(`${file}: ${problem.message.split('\n')[0]!.replace(/:$/, '')}.`, { cause: problem });
  const content: unknown = document.toJS() ?? {};
  if (typeof content === 'object' && !Array.isArray(content)) return content as Record<string, unknown>;
  throw new Error(`${file}: it must hold lines such as ISSUER: https://…`);
}

/** Host names reserved for documents and tests (RFC 2606, RFC 6761). */
const PLACEHOLDER = /(^|[@/.])(example\.(com|net|org)|[\w-]+\.(example|invalid|test))([/:,]|$)/;

/**
 * Refuses reserved host names, which deploy/params.example.yml has as placeholders. {@link readParametersFile} accepts
 * them, so that the example itself can be checked, but they must not be deployed.
 *
 * @throws Error that names the file and the parameters
 */
export function refusePlaceholders(parameters: Parameters, file: string): void {
  const left = ['ISSUER', 'ALLOWED_ORIGINS', 'PICTURE_ORIGINS', 'ALARM_EMAIL', 'DOMAIN'].filter((name) =>
    PLACEHOLDER.test(parameters[name] ?? ''),
  );
  if (left.length === 0) return;
  const values = left.map((name) => `${name} (${parameters[name]})`);
  throw new Error(`${file}: ${values.join(', ')} is a placeholder of the example. Put your own there.`);
}

function unknownNames(parameters: Parameters): string[] {
  return Object.keys(parameters)
    .filter((name) => !PARAMETERS.includes(name))
    .map((name) => `${name} is no parameter`);
}

/**
 * Returns what is wrong in the functions' settings. The functions make most of these checks, too, but only when they
 * start, after the deployment.
 */
function wrongHandlerSettings(parameters: Parameters): string[] {
  try {
    readParameters(hasOwnSignIn(parameters) ? { ...ALWAYS_RIGHT, ...effective(parameters) } : parameters);
    return [];
  } catch (error) {
    return [(error as Error).message.replace(/^Wrong configuration: |\.$/g, '')];
  }
}

function wrongSignIn(parameters: Parameters): string[] {
  if (!hasOwnSignIn(parameters)) return parameters.ISSUER!.startsWith('http:') ? ['ISSUER must be an https: URL'] : [];
  const left = ['AUDIENCE', 'CLIENT_ID'].filter((name) => parameters[name]);
  return left.map((name) => `${name} needs ISSUER, and without one follows from the user pool`);
}

/**
 * Valid values for the check of a stage with its own user pool. They stand for values that are known only when the
 * stack exists.
 */
const ALWAYS_RIGHT: Parameters = {
  ...{ ISSUER: 'https://cognito-idp.eu-central-1.amazonaws.com/x', AUDIENCE: 'x', CLIENT_ID: 'x' },
  ALLOWED_ORIGINS: 'https://x',
};

function wrongDeployment({ DOMAIN, CERTIFICATE_ARN, HOSTED_ZONE_ID, ALARM_EMAIL, ...rest }: Parameters): string[] {
  const problems: string[] = [];
  if (DOMAIN && !/^([a-z0-9-]+\.)+[a-z]{2,}$/.test(DOMAIN))
    problems.push('DOMAIN must be a host name, without https://');
  if (Boolean(DOMAIN) !== Boolean(CERTIFICATE_ARN)) problems.push('DOMAIN and CERTIFICATE_ARN go together');
  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
  if (CERTIFICATE_ARN && !CERTIFICATE_ARN.startsWith('arn:aws:acm:us-east-1:'))
    problems.push('CERTIFICATE_ARN must be of us-east-1: CloudFront takes no other');
  if (HOSTED_ZONE_ID && !DOMAIN) problems.push('HOSTED_ZONE_ID needs DOMAIN');
  if (ALARM_EMAIL && !/^\S+@\S+\.\S+$/.test(ALARM_EMAIL)) problems.push('ALARM_EMAIL must be an e-mail address');
  if (rest.BUDGET_USD && !(Number(rest.BUDGET_USD) > 0)) problems.push('BUDGET_USD must be a number of dollars');
  if (rest.BUDGET_USD && !ALARM_EMAIL) problems.push('BUDGET_USD needs ALARM_EMAIL');
  // https://docs.aws.amazon.com/waf/latest/developerguide/cloudfront-features.html
  if (rest.WEB_ACL_ARN && !/^arn:aws:wafv2:us-east-1:\d+:global\/webacl\//.test(rest.WEB_ACL_ARN))
    problems.push('WEB_ACL_ARN must be of a web ACL for CloudFront: arn:aws:wafv2:us-east-1:…:global/webacl/…');
  if (rest.ORIGIN_SECRET && !/^[ab]$/.test(rest.ORIGIN_SECRET)) problems.push('ORIGIN_SECRET must be a or b');
  if (rest.FAN_OUT_CONCURRENCY && !/^[1-9]\d*$/.test(rest.FAN_OUT_CONCURRENCY))
    problems.push('FAN_OUT_CONCURRENCY must be a whole number');
  return problems;
}
