// What the first bytes of a picture tell: its media type and its size.

const SIGNATURES = [
  ['image/png', /^\x89PNG/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8/],
  ['image/webp', /^RIFF.{4}WEBP/s],
  ['image/bmp', /^BM/],
  ['image/tiff', /^(II\*\0|MM\0\*)/],
];

export function mediaType(data) {
  const start = data.subarray(0, 16).toString('latin1');
  return SIGNATURES.find(([, signature]) => signature.test(start))?.[0];
}

// How many pixels the picture has; undefined if that cannot be told.
export function pixels(data) {
  switch (mediaType(data)) {
    case 'image/png':
      return data.readUInt32BE(16) * data.readUInt32BE(20);
    case 'image/gif':
      return data.readUInt16LE(6) * data.readUInt16LE(8);
    case 'image/bmp':
      return data.readUInt32LE(14) === 12
        ? data.readUInt16LE(18) * data.readUInt16LE(20)
        : Math.abs(data.readInt32LE(18) * data.readInt32LE(22));
    case 'image/jpeg':
      return jpegPixels(data);
    case 'image/tiff':
      return tiffPixels(data);
  }
}

function jpegPixels(data) {
  for (let at = 2; at + 9 < data.length; at += 2 + data.readUInt16BE(at + 2)) {
    while (data[at + 1] === 0xff) at++;
    const marker = data[at + 1];
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return data.readUInt16BE(at + 5) * data.readUInt16BE(at + 7);
  }
}

function tiffPixels(data) {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const little = data[0] === 0x49;
  const start = view.getUint32(4, little);
  let product = 1;
  for (let entry = 0; entry < view.getUint16(start, little); entry++) {
    const at = start + 2 + 12 * entry;
    const tag = view.getUint16(at, little);
    if (tag !== 256 && tag !== 257) continue;
    product *= view.getUint16(at + 2, little) === 3 ? view.getUint16(at + 8, little) : view.getUint32(at + 8, little);
  }
  return product;
}
