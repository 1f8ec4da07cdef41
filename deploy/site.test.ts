import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DeleteObjectsCommand, ListObjectsV2Command, type PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test, vi } from 'vitest';
import { emptyBucket, siteFiles, uploadSite } from './site.ts';

async function built(...keys: string[]): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'shout-box-site-'));
  for (const key of keys) {
    await mkdir(dirname(join(directory, key)), { recursive: true });
    await writeFile(join(directory, key), key);
  }
  return directory;
}

/** An S3 client that answers without a network. */
function s3(answer: (command: unknown) => unknown) {
  const client = new S3Client({ region: 'eu-central-1' });
  return { client, send: vi.spyOn(client, 'send').mockImplementation(answer as never) };
}

test('what is served is the script, its parts and its pages, not the npm package beside them', async () => {
  const directory = await built('shout-box.js', 'callback.html', 'pages/embed.css', 'esm/define.js', 'package.json');
  const files = await siteFiles(directory);
  expect(files.map(({ key }) => key).sort()).toEqual(['callback.html', 'pages/embed.css', 'shout-box.js']);
});

test('a file of an unknown type is refused', async () => {
  await expect(siteFiles(await built('pages/song.mp3'))).rejects.toThrow('pages/song.mp3');
});

test('files are uploaded with their type, to be kept for minutes', async () => {
  const { client, send } = s3(() => ({}));
  expect(await uploadSite(client, 'bucket', await built('shout-box.js'))).toBe(1);
  const uploaded = send.mock.calls.map(([command]) => (command as unknown as PutObjectCommand).input);
  const common = { Bucket: 'bucket', CacheControl: 'public, max-age=300' };
  const script = {
    Key: 'shout-box.js',
    Body: Buffer.from('shout-box.js'),
    ContentType: 'text/javascript; charset=utf-8',
  };
  expect(uploaded).toEqual([{ ...common, ...script }]);
});

test('the parts of a build are there before the script that asks for them, and stay', async () => {
  const { client, send } = s3(() => ({}));
  const parts = ['shout-box-sign-in-a_B-9Z.js', 'shout-box-writing-123456.js'];
  await uploadSite(client, 'bucket', await built('shout-box.js', 'shout-box-en.js', ...parts));
  const uploaded = send.mock.calls.map(([command]) => (command as unknown as PutObjectCommand).input);
  expect(
    uploaded
      .slice(0, 2)
      .map(({ Key }) => Key)
      .sort(),
  ).toEqual(parts);
  for (const { Key, CacheControl } of uploaded) {
    expect(CacheControl, Key).toBe(
      parts.includes(Key!) ? 'public, max-age=31536000, immutable' : 'public, max-age=300',
    );
  }
});

test('a bucket is emptied page by page', async () => {
  const pages = [
    { Contents: [{ Key: 'a' }], IsTruncated: true, NextContinuationToken: 'more' },
    { Contents: [{ Key: 'b' }], IsTruncated: false },
  ];
  const { client, send } = s3((command) => (command instanceof ListObjectsV2Command ? pages.shift() : {}));
  await emptyBucket(client, 'bucket');
  const deleted = send.mock.calls
    .map(([command]) => command)
    .filter((command) => command instanceof DeleteObjectsCommand);
  expect(deleted.flatMap(({ input }) => input.Delete?.Objects)).toEqual([{ Key: 'a' }, { Key: 'b' }]);
});
