import { icon } from '../views/icons.ts';

export const icons = {
  send: icon('M10 16.5v-13M4.5 9 10 3.5 15.5 9'),
  trash: icon('M4 6h12M8 6V4h4v2M5.5 6l.7 10.5h7.6L14.5 6M8.5 9v4.5M11.5 9v4.5'),
  retry: icon('M15.5 6.5A6.5 6.5 0 1 0 16.5 10M16 3v4h-4'),
  close: icon('M5.5 5.5l9 9M14.5 5.5l-9 9'),
  check: icon('M4.5 10.5l4 4 7-9'),
};
