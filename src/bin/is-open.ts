/**
 * The argument with which the entry program of the image (`script/entry/`) starts a build: it has written the first bytes
 * of the connection already.
 */
export const IS_OPEN = "-is-open";
