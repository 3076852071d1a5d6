/**
 * Delta PNGs made whole again, byte for byte.
 *
 * A delta PNG has 0x00000000 for background, 0x00FFFFFF (transparent white) for "as in the input", and the real colour
 * and alpha at the edges. A canvas multiplies colours by alpha: white and black marks become the same, and the edges
 * lose their colour. So the delta is decoded here, without one. The input may go through a canvas: only its opaque
 * pixels are taken, and those come back as they were.
 */

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const PALETTE = 3;
const RGBA = 6;

/**
 * Returns the whole cut-out: the delta's pixels, and the input's where the delta says so.
 *
 * The input is the very picture that was sent. An ImageBitmap of it must be upright (`imageOrientation: "from-image"`)
 * and made with `colorSpaceConversion: "none"`, as a Blob is read here.
 *
 * @param {ImageBitmap|Blob} input
 * @param {Blob} delta
 * @returns {Promise<ImageData>} not premultiplied
 * @throws {Error} one of the two cannot be read, or they differ in size
 */
export async function decodeDelta(input, delta) {
  const result = await readPng(delta);
  const original = await pixelsOf(input);
  if (original.width !== result.width || original.height !== result.height) {
    const [ours, theirs] = [original, result].map(({ width, height }) => `${width} x ${height}`);
    throw new Error(`The input has ${ours} pixels, the delta PNG ${theirs}: it was made of another picture.`);
  }
  const from = original.data;
  const to = result.data;
  for (let at = 0; at < to.length; at += 4) {
    if (to[at + 3] === 0 && to[at] === 255) to.set(from.subarray(at, at + 4), at);
  }
  return result;
}

/** Returns the upright pixels of a picture, exact where they are opaque. */
async function pixelsOf(picture) {
  const own = picture instanceof Blob;
  const bitmap = own
    ? await createImageBitmap(picture, { imageOrientation: "from-image", colorSpaceConversion: "none" })
    : picture;
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  if (own) bitmap.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/**
 * Returns the pixels of a PNG of 8 bits a channel, with alpha or with a palette, untouched by alpha.
 *
 * @param {Blob} file
 * @returns {Promise<ImageData>}
 * @throws {Error} it is no such PNG, or damaged
 */
export async function readPng(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (SIGNATURE.some((byte, at) => bytes[at] !== byte)) throw new Error("This is no PNG.");
  const chunks = [...chunksOf(bytes)];
  const only = (kind) => chunks.find((chunk) => chunk.kind === kind)?.content ?? new Uint8Array();
  const header = only("IHDR");
  if (header.length !== 13) throw new Error("The PNG has no header.");
  const view = new DataView(header.buffer, header.byteOffset);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, colours, , , interlaced] = header.subarray(8);
  if (depth !== 8 || interlaced || ![RGBA, PALETTE].includes(colours)) {
    throw new Error(`A PNG of ${depth} bits, colour type ${colours}, interlacing ${interlaced} is not read here.`);
  }
  const parts = chunks.filter((chunk) => chunk.kind === "IDAT").map((chunk) => chunk.content);
  const channels = colours === RGBA ? 4 : 1;
  const samples = unfiltered(await inflated(parts), width * channels, height, channels);
  const pixels = colours === RGBA ? samples : coloured(samples, only("PLTE"), only("tRNS"));
  return new ImageData(pixels, width, height);
}

function* chunksOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = SIGNATURE.length; at + 12 <= bytes.length; ) {
    const start = at + 8;
    const stop = start + view.getUint32(at);
    if (stop + 4 > bytes.length) break;
    yield { kind: String.fromCharCode(...bytes.subarray(at + 4, start)), content: bytes.subarray(start, stop) };
    at = stop + 4;
  }
}

async function inflated(parts) {
  const stream = new Blob(parts).stream().pipeThrough(new DecompressionStream("deflate"));
  try {
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (cause) {
    throw new Error("The PNG is damaged or cut off.", { cause });
  }
}

/** Undoes the filters of the PNG specification, section 9: each line begins with the number of its own. */
function unfiltered(data, length, height, step) {
  if (data.length !== (length + 1) * height) throw new Error("The PNG is damaged or cut off.");
  const lines = new Uint8ClampedArray(length * height);
  for (let y = 0; y < height; y++) {
    const from = y * (length + 1);
    const line = lines.subarray(y * length, (y + 1) * length);
    const above = y ? lines.subarray((y - 1) * length, y * length) : new Uint8ClampedArray(length);
    const predict = PREDICTORS[data[from]];
    if (!predict) throw new Error("The PNG is damaged: there is no such filter.");
    for (let x = 0; x < length; x++) {
      const left = x < step ? 0 : line[x - step];
      const corner = x < step ? 0 : above[x - step];
      line[x] = (data[from + 1 + x] + predict(left, above[x], corner)) & 0xff;
    }
  }
  return lines;
}

const PREDICTORS = [
  () => 0,
  (left) => left,
  (left, above) => above,
  (left, above) => (left + above) >> 1,
  (left, above, corner) => {
    const toLeft = Math.abs(above - corner);
    const toAbove = Math.abs(left - corner);
    const toCorner = Math.abs(left + above - 2 * corner);
    if (toLeft <= toAbove && toLeft <= toCorner) return left;
    return toAbove <= toCorner ? above : corner;
  },
];

function coloured(numbers, palette, alphas) {
  const pixels = new Uint8ClampedArray(numbers.length * 4);
  numbers.forEach((number, at) => {
    pixels.set(palette.subarray(number * 3, number * 3 + 3), at * 4);
    pixels[at * 4 + 3] = alphas[number] ?? 255;
  });
  return pixels;
}
