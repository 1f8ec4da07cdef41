/** Date and region of the prices, which are in US dollars. Other regions have other prices. */
export const PRICES_OF = 'September 2026, us-east-1';

interface Price {
  unit: string;
  usd: number;
  /** Units that are free every month. AWS gives a new account credits besides, which the calculation leaves out. */
  free?: number;
  /** Price of a unit above the first `from` units of a month. */
  tier?: { from: number; usd: number };
}

export const prices = {
  // https://aws.amazon.com/api-gateway/pricing/
  webSocketMessages: { unit: 'WebSocket messages', usd: 1e-6, tier: { from: 1e9, usd: 0.8e-6 } },
  connectionMinutes: { unit: 'connection minutes', usd: 0.25e-6 },
  httpRequests: { unit: 'HTTP API requests', usd: 1e-6 },
  // https://aws.amazon.com/lambda/pricing/ (arm64)
  invocations: { unit: 'Lambda invocations', usd: 0.2e-6, free: 1e6 },
  gigabyteSeconds: { unit: 'Lambda GB-seconds', usd: 1.33334e-5, free: 400_000 },
  // https://aws.amazon.com/dynamodb/pricing/on-demand/
  writes: { unit: 'DynamoDB write units', usd: 0.625e-6 },
  reads: { unit: 'DynamoDB read units', usd: 0.125e-6 },
  logStorage: { unit: 'DynamoDB storage, GB', usd: 0.25, free: 25 },
  backups: { unit: 'DynamoDB backups (PITR), GB', usd: 0.2 },
  // https://aws.amazon.com/sqs/pricing/
  queueRequests: { unit: 'SQS requests', usd: 0.4e-6, free: 1e6 },
  // https://aws.amazon.com/kms/pricing/ (the key itself, aws/dynamodb, is free)
  kmsRequests: { unit: 'KMS requests', usd: 3e-6, free: 20_000 },
  // https://aws.amazon.com/cognito/pricing/ (Essentials)
  signIns: { unit: 'people who sign in', usd: 0.015, free: 10_000 },
  // https://aws.amazon.com/cloudfront/pricing/ (Europe and North America)
  cloudFrontRequests: { unit: 'CloudFront requests', usd: 1e-6, free: 10e6 },
  cloudFrontGigabytes: { unit: 'CloudFront GB', usd: 0.085, free: 1_024 },
  // https://aws.amazon.com/cloudwatch/pricing/
  logGigabytes: { unit: 'CloudWatch Logs GB', usd: 0.5, free: 5 },
  metrics: { unit: 'CloudWatch metrics', usd: 0.3, free: 10 },
  alarms: { unit: 'CloudWatch alarms', usd: 0.1, free: 10 },
  // https://aws.amazon.com/xray/pricing/
  traces: { unit: 'X-Ray traces', usd: 5e-6, free: 100_000 },
} satisfies Record<string, Price>;

export type Item = keyof typeof prices;

export function costOf(item: Item, amount: number): number {
  const { usd, free = 0, tier }: Price = prices[item];
  const billed = Math.max(0, amount - free);
  const dearer = Math.min(billed, tier?.from ?? Number.POSITIVE_INFINITY);
  return dearer * usd + (billed - dearer) * (tier?.usd ?? usd);
}
