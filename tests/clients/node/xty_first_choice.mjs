// Cuts a picture out with XTY, and makes nothing of errors.
import { readFile, writeFile } from 'node:fs/promises';

const env = process.env;
const input = env.MATTEPROOF_INPUT;
const { text } = JSON.parse(env.MATTEPROOF_PARAMETERS || '{}');
const data = /^https?:/.test(input) ? undefined : await readFile(input);
const kind = data?.[0] === 0x89 ? 'png' : data?.[0] === 0xff ? 'jpeg' : 'webp';
const url = data ? `data:image/${kind};base64,${data.toString('base64')}` : input;

const response = await fetch(`${env.MATTEPROOF_BASE_URL}/v1/chat/completions`, {
  method: 'POST',
  headers: { Authorization: `Bearer ${env.MATTEPROOF_API_KEY}`, 'Content-Type': 'application/json' },
  body: JSON.stringify({
    model: 'remove-bg',
    messages: [
      { role: 'user', content: [...(text ? [{ type: 'text', text }] : []), { type: 'image_url', image_url: { url } }] },
    ],
  }),
});
const completion = await response.json();
const result = completion.choices?.[0]?.message?.content;
if (result) {
  const picture = await fetch(result);
  if (!picture.ok) throw new Error(`the result is gone: ${picture.status}`);
  await writeFile(env.MATTEPROOF_OUTPUT, Buffer.from(await picture.arrayBuffer()));
}
