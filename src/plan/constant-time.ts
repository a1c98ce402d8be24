/**
 * The one time of files that have none of their own, as `touch -d` takes it: 1980-01-01, the earliest that every archive
 * format can say. The installer gives the same (see `install.py`), so equal builds give equal layers.
 */
export const CONSTANT_TIME = "@315532800";
