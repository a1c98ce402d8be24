import { CONSTANT_TIME } from "../plan/constant-time.ts";
import { UNIT_OUT } from "../plan/step.ts";
import { type ShellText, sh } from "../util/sh.ts";

/** Gives all that a unit made the one time that the installer gives its files: it has no other (see `install.py`). */
export const SET_TIMES: ShellText = sh`find ${UNIT_OUT} -exec touch -h -d ${CONSTANT_TIME} {} +`;
