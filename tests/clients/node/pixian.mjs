// Cuts pictures out with Pixian and fetch, several at once.
import { readFile } from 'node:fs/promises';
import { answered, isUrl, job, pictureIn, run, save, Unable } from './job.mjs';
import { mediaType, pixels } from './picture.mjs';

const MOST_PIXELS = 25_000_000; // the API shrinks what is larger, by default

await run(async ({ input, output }) => {
  const body = await form(input);
  const response = await answered(() =>
    fetch(`${job.baseUrl}/api/v2/remove-background`, {
      method: 'POST',
      headers: { Authorization: `Basic ${Buffer.from(job.credentials).toString('base64')}` },
      body,
    }),
  );
  await save(output, await pictureIn(response));
});

async function form(input) {
  const fields = new FormData();
  for (const [name, value] of Object.entries(job.parameters)) fields.set(name, String(value));
  if (isUrl(input)) {
    fields.set('image.url', input);
    return fields;
  }
  const data = await readFile(input);
  const type = mediaType(data);
  const size = pixels(data);
  if (!size || type === 'image/webp') throw new Unable(`cannot do: files of the type ${type}`);
  if (size > (job.parameters.max_pixels ?? MOST_PIXELS)) throw new Unable('cannot do: pictures that need to be shrunk');
  fields.set('image', new Blob([data], { type }), `picture.${type.slice(6)}`);
  return fields;
}
