/**
 * Origins whose pages may read over HTTP: those that may connect over WebSocket too (src/infra/settings.ts). The box's own
 * page needs no CORS. API Gateway wants one origin at least; this one is nobody's (RFC 2606, section 2).
 */
export const origins = (process.env.ALLOWED_ORIGINS || 'https://nobody.invalid')
  .split(',')
  .map((origin) => origin.trim());
