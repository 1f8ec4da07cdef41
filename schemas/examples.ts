import client from './client.json' with { type: 'json' };

export interface Frame {
  action: string;
  target?: string;
  pinned?: string;
  person?: string;
  [field: string]: unknown;
}

/** All examples of frames in `client.json`. */
export const examples: readonly Frame[] = Object.values(
  client.$defs as Readonly<Record<string, { examples?: Frame[] }>>,
).flatMap(({ examples = [] }) => examples);

/**
 * Returns the first example of an action's frame.
 *
 * @param message replaces the message that the example names
 * @param person replaces the person that the example names
 * @throws Error if `client.json` has no example of the action
 */
export function exampleOf(action: string, { message, person }: { message?: string; person?: string } = {}): Frame {
  const example = examples.find((frame) => frame.action === action);
  if (!example) throw new Error(`schemas/client.json has no example of ${action}.`);
  return {
    ...example,
    ...(message && example.target && { target: message }),
    ...(message && example.pinned && { pinned: message }),
    ...(person && example.person && { person }),
  };
}
