import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { type CloudFrontClient, CreateInvalidationCommand } from '@aws-sdk/client-cloudfront';
import { DeleteObjectsCommand, PutObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Matches `shout-box.js`, its parts and the pages. Leaves out the files of the npm package in the same directory. */
const SERVED = /^([^/]+\.(js|html|css)|pages\/.+)$/;

/**
 * Cache header of files without a hash in their name, such as `shout-box.js`. It is short, because a new version of
 * such a file keeps its name, and browsers must notice the new version soon.
 */
const MINUTES = 'public, max-age=300';
/**
 * Matches the parts of `shout-box.js` whose names have a hash. A deployment keeps the parts of earlier builds, because
 * a page that was opened before may still load them.
 */
const PART = /^shout-box-.+-[\w-]{6}\.js$/;
const FOR_EVER = 'public, max-age=31536000, immutable';

export interface SiteFile {
  key: string;
  type: string;
}

/** Lists the files to serve. @throws Error for a file of an unknown type, which would have no `Content-Type` */
export async function siteFiles(directory: string): Promise<SiteFile[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const keys = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) =>
      join(parentPath, name)
        .slice(directory.length + 1)
        .replaceAll('\\', '/'),
    );
  return keys.filter((key) => SERVED.test(key)).map((key) => ({ key, type: typeOf(key) }));
}

function typeOf(key: string): string {
  const type = TYPES[extname(key)];
  if (!type) throw new Error(`${key} is of no type that the site serves.`);
  return type;
}

/** @returns how many files were uploaded */
export async function uploadSite(client: S3Client, bucket: string, directory: string): Promise<number> {
  const put = (Key: string, ContentType: string, Body: string | Uint8Array) => {
    const CacheControl = PART.test(Key) ? FOR_EVER : MINUTES;
    return client.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType, CacheControl }));
  };
  const files = await siteFiles(directory);
  const upload = async ({ key, type }: SiteFile) => put(key, type, await readFile(join(directory, key)));
  // Uploads the parts first, so that the new script finds them.
  await Promise.all(files.filter(({ key }) => PART.test(key)).map(upload));
  await Promise.all(files.filter(({ key }) => !PART.test(key)).map(upload));
  return files.length;
}

/** Makes CloudFront drop the old files at once, instead of when they expire. */
export async function invalidate(client: CloudFrontClient, distribution: string): Promise<void> {
  const InvalidationBatch = { CallerReference: randomUUID(), Paths: { Quantity: 1, Items: ['/*'] } };
  await client.send(new CreateInvalidationCommand({ DistributionId: distribution, InvalidationBatch }));
}

/** Deletes all objects of a bucket, because CloudFormation deletes only empty buckets. */
export async function emptyBucket(client: S3Client, bucket: string): Promise<void> {
  try {
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket })) {
      if (Contents.length === 0) continue;
      const Objects = Contents.map(({ Key }) => ({ Key }));
      await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
    }
  } catch (error) {
    // The bucket is gone if an earlier removal of the stage deleted it, but failed afterwards.
    if ((error as Error).name !== 'NoSuchBucket') throw error;
  }
}
