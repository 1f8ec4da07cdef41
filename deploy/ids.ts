/** What an operator names: a person, a message and a room, as in `schemas/`. */
export const PERSON_ID = /^[\w-]{22}$/;
export const MESSAGE_ID = /^[\w-]{22}:[\w-]{1,64}$/;
export const ROOM = /^[a-z0-9][a-z0-9_-]{0,63}$/;
