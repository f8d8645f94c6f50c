// Read the blob of dcwtal/views/binary_blob.py: header length, JSON header, arrays.

const KINDS = { float32: Float32Array, float64: Float64Array, int8: Int8Array };

/** @param {ArrayBuffer} buffer @returns {{header: object, arrays: Object<string, {values, shape}>}} */
export function readBlob(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const arrays = {};
  for (const { name, dtype, shape, offset } of header.arrays) {
    const count = shape.reduce((product, side) => product * side, 1);
    arrays[name] = { values: new KINDS[dtype](buffer, 4 + length + offset, count), shape };
  }
  return { header, arrays };
}
