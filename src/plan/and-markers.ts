/** The marker that holds where two do; undefined holds everywhere. */
export function andMarkers(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || one === other) return other;
  return other === undefined ? one : `(${one}) and (${other})`;
}
