import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import './define.ts';
import type { ShoutBoxEvents } from './events.ts';
import type { ShoutBox } from './shout-box.ts';

export type { ShoutBoxEvents };

/** Properties of the element that are props in React 19. It sets the property, so a value can be a function. */
type Settable =
  | 'server'
  | 'room'
  | 'theme'
  | 'pageSize'
  | 'announce'
  | 'readonly'
  | 'unreadTitle'
  | 'callback'
  | 'remember'
  | 'strings'
  | 'getToken';

type Listeners = { [Type in keyof ShoutBoxEvents as `on${Type}`]?: (event: ShoutBoxEvents[Type]) => void };

/**
 * Props of `<shout-box>` in React 19.
 *
 * @example
 * import 'shout-box/react';
 *
 * <shout-box server="https://api.shout.example" onshout-state={(event) => show(event.detail.unread)} />
 */
export type ShoutBoxProps = DetailedHTMLProps<HTMLAttributes<ShoutBox>, ShoutBox> &
  Partial<Pick<ShoutBox, Settable>> &
  Listeners;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'shout-box': ShoutBoxProps;
    }
  }
}
