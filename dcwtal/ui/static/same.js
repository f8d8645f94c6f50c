/** Whether two plain values are equal, part by part. */
export function same(a, b) {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
