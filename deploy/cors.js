/**
 * Origins whose pages may read over HTTP. The same origins may connect over WebSocket (src/infra/settings.ts). The
 * stage's own page needs no CORS, because it reads from its own origin. API Gateway requires at least one origin, so
 * the default is a name that belongs to nobody (RFC 2606, section 2).
 */
export const origins = (process.env.ALLOWED_ORIGINS || 'https://nobody.invalid')
  .split(',')
  .map((origin) => origin.trim())
  .filter(Boolean);
