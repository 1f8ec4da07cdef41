import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Entry {
  payload: AdapterPayload;
  /** ms since 1970. */
  expiresAt: number;
}

/**
 * Creates a store that keeps the issuer's sessions, codes and refresh tokens in memory, so they end with the process.
 * Access tokens stay valid after a restart, because they are signed JWTs, which need no store. This store replaces the
 * default store of oidc-provider, which is for demos and drops entries beyond 1,000 (some 200 sign-ins).
 */
export function createStore(now: () => number = Date.now): (model: string) => Adapter {
  const entries = new Map<string, Entry>();
  const find = async (
    where: (key: string, payload: AdapterPayload) => boolean,
  ): Promise<AdapterPayload | undefined> => {
    for (const [key, { payload, expiresAt }] of entries) if (expiresAt > now() && where(key, payload)) return payload;
    return undefined;
  };
  return (model) => ({
    upsert: async (id, payload, expiresIn) => {
      for (const [key, { expiresAt }] of entries) {
        // Stops at the first entry that is still valid. Lifetimes differ, so expired entries may come after it. A later
        // call removes them.
        if (expiresAt > now()) break;
        entries.delete(key);
      }
      entries.set(`${model}:${id}`, { payload, expiresAt: now() + (expiresIn ?? Number.POSITIVE_INFINITY) * 1000 });
    },
    find: async (id) => {
      const entry = entries.get(`${model}:${id}`);
      return entry && entry.expiresAt > now() ? entry.payload : undefined;
    },
    findByUid: (uid) => find((key, payload) => key.startsWith(`${model}:`) && payload.uid === uid),
    findByUserCode: (code) => find((key, payload) => key.startsWith(`${model}:`) && payload.userCode === code),
    consume: async (id) => {
      const entry = entries.get(`${model}:${id}`);
      if (entry) entry.payload.consumed = Math.floor(now() / 1000);
    },
    destroy: async (id) => {
      entries.delete(`${model}:${id}`);
    },
    revokeByGrantId: async (grantId) => {
      for (const [key, { payload }] of entries) if (payload.grantId === grantId) entries.delete(key);
    },
  });
}
