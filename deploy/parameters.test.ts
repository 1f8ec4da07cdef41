import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { readParameters } from '../src/infra/settings.ts';
import { effective, hasOwnSignIn, requireSignInName } from './own-sign-in.ts';
import { PARAMETERS, readParametersFile, refusePlaceholders } from './parameters.ts';

const EXAMPLE = 'deploy/params.example.yml';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shout-box-params-'));
});

/** Writes a copy of the example with some lines changed. @returns the path of the copy */
async function edited(values: Record<string, string>): Promise<string> {
  const example = await readFile(EXAMPLE, 'utf8');
  const text = Object.entries(values).reduce(
    (content, [name, value]) =>
      `${content.replace(new RegExp(`^${name}:.*\n(  .*\n)*`, 'm'), '')}\n${name}: ${value}\n`,
    example,
  );
  const file = join(directory, `${crypto.randomUUID()}.yml`);
  await writeFile(file, text);
  return file;
}

describe('the example', () => {
  test('holds every parameter there is', async () => {
    expect(Object.keys(await readParametersFile(EXAMPLE)).sort()).toEqual([...PARAMETERS].sort());
  });

  test('holds everything that serverless.yml asks of the environment, and nothing else', async () => {
    const asked = [...(await readFile('serverless.yml', 'utf8')).matchAll(/\$\{env:([A-Z_]+)/g)].map(
      ([, name]) => name!,
    );
    expect([...new Set(asked)].sort()).toEqual([...PARAMETERS].sort());
  });

  test('says what the defaults are', async () => {
    const { ISSUER, AUDIENCE, CLIENT_ID, ALLOWED_ORIGINS, GUESTS, ...optional } = await readParametersFile(EXAMPLE);
    const required = {
      ISSUER: ISSUER!,
      AUDIENCE: AUDIENCE!,
      CLIENT_ID: CLIENT_ID!,
      ALLOWED_ORIGINS: ALLOWED_ORIGINS!,
      GUESTS: GUESTS!,
    };
    expect(readParameters({ ...required, ...optional })).toEqual(readParameters(required));
  });
});

test('a list of origins becomes the one variable', async () => {
  const file = await edited({ ALLOWED_ORIGINS: '[https://a.example, https://b.example]' });
  expect((await readParametersFile(file)).ALLOWED_ORIGINS).toBe('https://a.example,https://b.example');
});

test('a file that is not there is said so, and people register with the stage itself', async () => {
  const said = vi.spyOn(console, 'log').mockReturnValue();
  const parameters = await readParametersFile('deploy/params.nowhere.yml');
  expect(said).toHaveBeenCalledWith(
    expect.stringMatching(/^There is no deploy\/params\.nowhere\.yml: using the defaults/),
  );
  expect(hasOwnSignIn(parameters)).toBe(true);
});

test('without an issuer, what follows from the user pool is left out, whatever the file says', async () => {
  const parameters = await readParametersFile(await edited({ ISSUER: "''", AUDIENCE: "''", CLIENT_ID: "''" }));
  expect(hasOwnSignIn(parameters)).toBe(true);
  expect(Object.keys(effective(parameters))).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(ISSUER|AUDIENCE|CLIENT_ID|SCOPE|NAME_CLAIM|ROLE_CLAIM)$/)]),
  );
  expect(effective(parameters)).toMatchObject({ ALLOWED_ORIGINS: 'https://www.example.org', RATE_BURST: '10' });
});

test.each(['aws', 'my-cognito'])('a stage "%s" has no user pool of its own, because of its name', (stage) => {
  expect(() => requireSignInName(stage)).toThrow(`The stage ${stage} cannot have a user pool of its own`);
});

test.each([
  ['no YAML', 'ISSUER: https://a.example\nAUDIENCE: [x\nGUESTS: true\n', /\.yml: .* at line 3, column \d+\.$/],
  ['a name twice', 'GUESTS: true\nGUESTS: false\n', /\.yml: Map keys must be unique at line 2, column 1\.$/],
  ['a list', '- ISSUER\n', /\.yml: it must hold lines such as ISSUER: https:\/\/…$/],
])('a file that is %s is named', async (_, content, says) => {
  const file = join(directory, `${crypto.randomUUID()}.yml`);
  await writeFile(file, content);
  await expect(readParametersFile(file)).rejects.toThrow(says);
});

const certificate = 'arn:aws:acm:us-east-1:123456789012:certificate/x';
test.each<[Record<string, string>, RegExp]>([
  [{ ISSUER: '' }, /AUDIENCE needs ISSUER.*CLIENT_ID needs ISSUER/],
  [{ ISSUER: 'http://issuer.example' }, /ISSUER must be an https: URL/],
  [{ AUDIENCE: '' }, /AUDIENCE must be set/],
  [{ ALLOWED_ORIGINS: 'https://example.org/blog' }, /ALLOWED_ORIGINS must be/],
  [{ ALLOWED_ORIGINS: 'https://*.example.org' }, /ALLOWED_ORIGINS must be/],
  [{ GUESTS: 'perhaps' }, /GUESTS must be true or false, not "perhaps"/],
  [{ RATE_BURST: 'many' }, /RATE_BURST must be an integer/],
  [{ COLOUR: 'red' }, /COLOUR is no parameter/],
  [{ DOMAIN: 'https://box.example', CERTIFICATE_ARN: certificate }, /DOMAIN must be a host name/],
  [{ DOMAIN: 'box.example' }, /DOMAIN and CERTIFICATE_ARN go together/],
  [{ DOMAIN: 'box.example', CERTIFICATE_ARN: certificate.replace('us-east-1', 'eu-central-1') }, /of us-east-1/],
  [{ HOSTED_ZONE_ID: 'Z1' }, /HOSTED_ZONE_ID needs DOMAIN/],
  [{ BUDGET_USD: 'little' }, /BUDGET_USD must be a number of dollars/],
  [{ ALARM_EMAIL: '' }, /BUDGET_USD needs ALARM_EMAIL/],
  [{ ALARM_EMAIL: 'me' }, /ALARM_EMAIL must be an e-mail address/],
  [{ WEB_ACL_ARN: 'arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/x/1' }, /WEB_ACL_ARN must be of a web ACL/],
  [{ ORIGIN_SECRET: 'c' }, /ORIGIN_SECRET must be a or b/],
  [{ FAN_OUT_CONCURRENCY: '-1' }, /FAN_OUT_CONCURRENCY must be a whole number/],
])('refuses %j', async (values, message) => {
  await expect(readParametersFile(await edited(values))).rejects.toThrow(message);
});

test('says everything that is wrong at once', async () => {
  await expect(readParametersFile(await edited({ ISSUER: 'x', GUESTS: 'x', ALARM_EMAIL: 'x' }))).rejects.toThrow(
    /ISSUER.*GUESTS.*ALARM_EMAIL/,
  );
  await expect(readParametersFile(await edited({ ISSUER: 'http://x.example', GUESTS: 'x' }))).rejects.toThrow(
    /GUESTS.*ISSUER must be an https: URL/,
  );
});

test('an id of many digits stays as it is written', async () => {
  const ids = { CLIENT_ID: '312345678901234599', AUDIENCE: '0012' };
  expect(await readParametersFile(await edited(ids))).toMatchObject(ids);
});

test('null is no text', async () => {
  expect(await readParametersFile(await edited({ REQUIRED_SCOPE: '~', MODERATORS: 'null' }))).toMatchObject({
    ...{ REQUIRED_SCOPE: '', MODERATORS: '' },
  });
});

test('an empty value means the default', async () => {
  expect(await readParametersFile(await edited({ ORIGIN_SECRET: "''" }))).toMatchObject({ ORIGIN_SECRET: '' });
});

describe('the example as it is', () => {
  test('is not deployed: the exit says so, with file and parameters', async () => {
    const project = await mkdtemp(join(tmpdir(), 'shout-box-project-'));
    await mkdir(join(project, 'deploy'));
    await cp(EXAMPLE, join(project, 'deploy/params.prod.yml'));
    const run = promisify(execFile)(process.execPath, [resolve('deploy/deploy.ts'), '--stage', 'prod'], {
      cwd: project,
    });
    await expect(run).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^\ndeploy\/params\.prod\.yml: ISSUER \(https:\/\/issuer\.example\/\), ALLOWED_ORIGINS \(.*\), ALARM_EMAIL \(.*\) is a placeholder/,
      ),
    });
  }, 30_000);

  test.each([
    ['https://login.example.com/realms/x', true],
    ['https://tenant.example:8443/', true],
    ['https://example.org.attacker.net/', false],
    ['https://my-example.com/', false],
    ['https://example-shop.eu.auth0.com/', false],
  ])('%s', (ISSUER, placeholder) => {
    const refuse = () => refusePlaceholders({ ISSUER }, 'f');
    if (placeholder) expect(refuse).toThrow('f: ISSUER');
    else expect(refuse).not.toThrow();
  });
});
