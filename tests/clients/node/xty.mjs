// Cuts pictures out with XTY and fetch, several at once.
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { answered, isUrl, job, pictureIn, reason, run, save, Unable } from './job.mjs';
import { mediaType } from './picture.mjs';

const MOST_BYTES = 10_000_000; // the documents advise against larger files
const PAUSES = [1000, 2000]; // milliseconds between the tries to fetch a result

await run(async ({ input, output }) => {
  const body = JSON.stringify({ model: 'remove-bg', messages: [{ role: 'user', content: await content(input) }] });
  const response = await answered(() =>
    fetch(`${job.baseUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${job.key}`, 'Content-Type': 'application/json' },
      body,
    }),
  );
  await save(output, await fetched(await resultUrl(response)));
});

async function content(input) {
  const { text, ...others } = job.parameters;
  if (Object.keys(others).length) throw new Unable(`cannot do: the parameters ${Object.keys(others)}`);
  const image = { type: 'image_url', image_url: { url: isUrl(input) ? input : dataUrl(await readFile(input)) } };
  return text === undefined ? [image] : [{ type: 'text', text }, image];
}

function dataUrl(data) {
  if (data.length > MOST_BYTES) throw new Unable('cannot do: files of more than 10 MB');
  const type = mediaType(data);
  if (!type) throw new Unable('cannot do: files that are no pictures');
  return `data:${type};base64,${data.toString('base64')}`;
}

async function resultUrl(response) {
  const body = Buffer.from(await response.arrayBuffer());
  if (!response.ok) throw new Error(reason(response.status, body));
  let url;
  try {
    url = JSON.parse(body.toString()).choices[0].message.content;
  } catch {
    throw new Error(`the answer is no completion: ${reason(response.status, body)}`);
  }
  if (typeof url !== 'string' || !isUrl(url)) throw new Error(`the completion has no URL: ${url}`);
  return url;
}

// The result, which may take a moment to appear. Whoever hosts it is not shown the key.
async function fetched(url) {
  for (const pause of [...PAUSES, undefined]) {
    try {
      return await pictureIn(await fetch(url));
    } catch (error) {
      if (pause === undefined) throw error;
      await sleep(pause);
    }
  }
}
