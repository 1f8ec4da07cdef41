/** Ids that an operator names: of a person, and of a message. */
export const PERSON_ID = /^[\w-]{22}$/;
export const MESSAGE_ID = /^[\w-]{22}:[\w-]{1,64}$/;
