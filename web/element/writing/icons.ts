import { icon } from '../views/icons.ts';

export const icons = {
  send: icon('M10 16.5v-13M4.5 9 10 3.5 15.5 9'),
  check: icon('M4.5 10.5l4 4 7-9'),
};
