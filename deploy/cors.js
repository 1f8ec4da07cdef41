// API Gateway wants the origins as a list; ALLOWED_ORIGINS is one environment variable everywhere.
export const origins = (process.env.ALLOWED_ORIGINS || '*').split(',').map((origin) => origin.trim());
