interface Surroundings {
  /** Origins of the HTTP API and of the WebSocket, if they differ from the pages' own. */
  elsewhere?: readonly string[];
  issuer: string;
  /** Origins that may frame `embed.html`: exact origins, `*`, or patterns such as `http://localhost:*`. */
  allowedOrigins: readonly string[];
}

/** Directives of every policy below. `default-src 'none'` forbids to load what no other directive allows. */
const STRICT = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
];

/**
 * Returns the Content Security Policies of the pages that are served with the widget. They must be sent as a header,
 * because browsers ignore `frame-ancestors` in a `<meta>`.
 */
export function contentSecurityPolicies({ elsewhere = [], issuer, allowedOrigins }: Surroundings) {
  const policy = (...more: string[]): string => [...STRICT, ...more].join('; ');
  const reach = ["connect-src 'self'", ...elsewhere, new URL(issuer).origin].join(' ');
  return {
    /**
     * `embed.html` shows the box, and the allowed origins may frame it. It may connect to every host by `https:` and
     * `wss:`, because an issuer's token endpoint, for example, may be on any host.
     */
    embed: policy(
      "img-src 'self' https: data:",
      `${reach} https: wss:`,
      "trusted-types lit-html 'allow-duplicates'",
      `frame-ancestors 'self' ${allowedOrigins.join(' ')}`,
    ),
    /**
     * `sign-in.html` fetches `/config` and the issuer's discovery document. It may not be framed, because it asks for
     * consent.
     */
    'sign-in': policy("img-src 'self'", reach, "trusted-types 'none'", "frame-ancestors 'none'"),
    callback: policy("img-src 'self'", "trusted-types 'none'", "frame-ancestors 'none'"),
  };
}

/** The pages' headers besides the policy. `no-referrer`, because a page's address may contain an authorization code. */
export const PAGE_HEADERS = {
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};
