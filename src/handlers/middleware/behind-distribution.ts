import { hash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import { ShoutError } from '../../domain/errors.ts';

/**
 * The header that the CloudFront distribution adds to requests to the APIs. If a viewer sends a header of this name,
 * CloudFront overwrites it.
 */
export const ORIGIN_HEADER = 'x-shout-box-origin';

/** The context after {@link behindDistribution}. */
export interface BehindDistribution extends Context {
  /** Whether the request came through the distribution; false on the local stack, which has none. */
  throughDistribution?: boolean;
}

/**
 * Refuses requests that did not come through the distribution, so that nobody bypasses its firewall and its cache.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html
 *
 * @param secrets accepted values of {@link ORIGIN_HEADER}. On AWS there are two, so that one can be replaced while the
 *   other is in use. On the local stack there is none, and every request passes.
 */
export function behindDistribution(secrets: () => readonly string[]): MiddlewareObj {
  const behindDistributionBefore: MiddlewareObj['before'] = ({ event, context }) => {
    const given = digest((event as { headers?: Record<string, string> }).headers?.[ORIGIN_HEADER] ?? '');
    const accepted = secrets();
    // Compares with every secret, in constant time, so that the response time reveals nothing about a secret.
    const matches = accepted.filter((secret) => timingSafeEqual(given, digest(secret)));
    if (accepted.length > 0 && matches.length === 0) throw new ShoutError('forbidden', "Use the site's own address.");
    (context as BehindDistribution).throughDistribution = matches.length > 0;
  };
  return { before: behindDistributionBefore };
}

const digest = (text: string) => hash('sha256', text, 'buffer');
